"""What an account held without a statement is kept aside until an upgrade has stated it."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor



def keep(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Keep what counted: of open accounts, whose person has no appointment on record."""
    using = editor.connection.alias
    said = apps.get_model("people", "Binding").objects.using(using).values("person")
    counted = apps.get_model("people", "Account").objects.using(using).filter(is_active=True)
    aside = apps.get_model("people", "Unstated").objects.using(using)
    aside.bulk_create(
        aside.model(account=one, function=one.role)
        for one in counted.exclude(role="").exclude(person__in=said).order_by("pk")
    )


def give_back(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Give back what is not stated yet."""
    using = editor.connection.alias
    for one in apps.get_model("people", "Unstated").objects.using(using).order_by("-pk"):
        accounts = apps.get_model("people", "Account").objects.using(using)
        accounts.filter(pk=one.account_id).update(role=one.function)


class Migration(migrations.Migration):
    """Keep what is unstated aside, then drop the column that nobody stated anything in."""

    dependencies = [("people", "0004_account_language")]

    operations = [
        migrations.CreateModel(
            name="Unstated",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("function", models.CharField(max_length=20)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unstated",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"db_table": "people_unstated"},
        ),
        migrations.RunPython(keep, give_back),
        migrations.RemoveField(model_name="account", name="role"),
    ]
