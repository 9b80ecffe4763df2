"""A signature says whether its person was named or came as one of the role."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column of draft_signature."""

    dependencies = [("signing", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="signature",
            name="by_role",
            field=models.BooleanField(default=False),
        ),
    ]
