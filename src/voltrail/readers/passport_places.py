"""
Where the shapes of battery passports write what a typed passport holds, and their words for it.

Paths are in small letters, without prefixes and without `has`, groups of GEFEG laid open. Data
only; `passport` looks them up.
"""

from voltrail.quantities import Unit

CATEGORIES = (
    ("industrial", ("industrial", "stationary")),
    ("ev", ("ev", "electricvehicle", "evbattery")),
    ("lmt", ("lmt", "lightmeansoftransport")),
    ("sli", ("sli",)),
    ("portable", ("portable",)),
)
CHEMISTRIES = (
    ("LFP", ("lfp", "lifepo4", "lithium iron phosphate")),
    (
        "NMC",
        (
            "nmc",
            "ncm",
            "linimncoo2",
            "nmc111",
            "nmc532",
            "nmc622",
            "nmc811",
            "nickel manganese cobalt",
            "nickel cobalt manganese",
        ),
    ),
    ("NCA", ("nca", "nickel cobalt aluminium", "nickel cobalt aluminum")),
    ("LMO", ("lmo", "lithium manganese oxide")),
    ("LCO", ("lco", "lithium cobalt oxide")),
    ("LTO", ("lto", "lithium titanate")),
    ("Na-ion", ("na-ion", "sodium")),
    ("NiMH", ("nimh", "nickel metal hydride")),
    ("NiCd", ("nicd", "nickel cadmium")),
    ("Pb", ("pb", "lead acid", "lead-acid")),
)
# field of ours → where it stands, in the order in which it is looked for
PLACES = {
    "id": "uniquebatterypassportidentifieruniquedppidentifier digitalproductpassportid "
    "batterypassportidentifier metadata.passportidentifier id",
    "product": "uniquebatteryidentifieruniqueproductidentifier uniqueproductidentifier "
    "productidentifier identification.identification.type.manufacturerpartid id",
    "granularity": "dppgranularity granularity granularitylevel",
    "category": "batterycategory.batterycategoryvalue batterycategory category category.@id "
    "identification.category",
    "status": "batterystatus.batterystatusvalues batterystatus status.@id status "
    "sustainability.status",
    "state": "dppstatus.dppstatusvalue dppstatus passportstatus metadata.status",
    "updated": "date-timeoflatestupdateofdpp lastupdated metadata.lastmodification",
    "operator": "uniqueeconomicoperatoridentifier economicoperatorid operatoridentifier "
    "operatorinformation.identifier operatorinformation.globallocationnumber "
    "metadata.economicoperatorid",
    "manufacturer": "uniquemanufactureridentifier manufactureridentifier manufacturer.id "
    "manufacturerinformation.identifier manufacturer.globallocationnumber "
    "operation.manufacturer.manufacturer",
    "manufacturer_name": "manufacturerinformation.name manufacturer.organizationname "
    "manufacturerinformation.contactname",
    "facility": "uniquefacilityidentifier facilityidentifier facilityid "
    "manufacturingplace.globallocationnumber operation.manufacturer.facility.facility",
    "made": "manufacturingdate productiondate operation.manufacturer.manufacturingdate",
    "in_service": "dateofputtingthebatteryintoservice puttingintoservice operation.intoservicedate",
    "model": "batterymodelidentifier model.@value model.value model "
    "identification.identification.type.manufacturerpartid",
    "serial": "batteryserialnumber serialnumber identification.identification.serial.value",
    "batch": "batchnumber identification.identification.batch.value",
    "chemistry": "batterychemistry.chemicalcodevalue batterychemistry.alternatename "
    "batterychemistry.shortname batterychemistry.cathodeactivematerial identification.chemistry",
}
# quantity of ours → value and unit where they stand; a unit in quotes is the shape's own
AMOUNTS: dict[str, tuple[tuple[str, str], ...]] = {
    "capacity": (
        ("ratedcapacity.amperehourmiliamperehourvalue", "ratedcapacity.amperehourmiliamperehour"),
        (
            "technicalspecifications.ratedcapacity.value",
            "technicalspecifications.ratedcapacity.unitcode",
        ),
        ("batterytechicalproperties.ratedcapacity", "'Ah"),
        ("performance.rated.capacity.value", "'Ah"),
    ),
    "mass": (
        ("batterymass.gramkgvalue", "batterymass.gramkg"),
        ("netweight.value", "netweight.unitcode"),
        (
            "characteristics.physicaldimension.weight.value",
            "characteristics.physicaldimension.weight.unit",
        ),
        ("batterymass", "'kg"),
    ),
    **{
        f"{word}_voltage": (
            (f"{long}voltage.voltvalue", f"{long}voltage.volt"),
            (
                f"technicalspecifications.{long}voltage.value",
                f"technicalspecifications.{long}voltage.unitcode",
            ),
            (f"batterytechicalproperties.{long}voltage", "'V"),
            (f"performance.rated.voltage.{word}", "'V"),
        )
        for word, long in (("min", "minimum"), ("nominal", "nominal"), ("max", "maximum"))
    },
}
_VOLTS = (Unit.V, Unit.mV)
UNITS = {
    "capacity": (Unit.A_h, Unit.mA_h),
    "mass": (Unit.kg, Unit.g),
    "min_voltage": _VOLTS,
    "nominal_voltage": _VOLTS,
    "max_voltage": _VOLTS,
}
# every place whose value is looked at
ASKED = frozenset(
    [place for places in PLACES.values() for place in places.split()]
    + [place for pairs in AMOUNTS.values() for pair in pairs for place in pair]
)
