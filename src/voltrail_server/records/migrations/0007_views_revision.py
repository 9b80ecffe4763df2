"""Which revision of the folds made the views; 0 is before anybody counted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies = [("records", "0006_due")]
    operations = [
        migrations.AddField(
            model_name="viewstate",
            name="revision",
            field=models.IntegerField(db_default=0, default=0),
        ),
    ]
