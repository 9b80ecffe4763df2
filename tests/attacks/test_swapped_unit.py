from msgspec.structs import replace

from world_fixture import fresh_world, leading, strict_shipment


def test_a_serial_the_maker_never_listed_holds_the_arrival() -> None:
    seen, shipment = fresh_world(), strict_shipment()
    swapped = replace(shipment, serials=(*shipment.made[:-1], "S999999"))
    decision = seen.deliver(swapped).fact
    assert decision.disposition == "quarantine"
    assert decision.findings[0].control == "PRV-04"
    assert "S999999" in decision.sentence


def test_a_serial_read_twice_holds_the_arrival() -> None:
    seen, shipment = fresh_world(), strict_shipment()
    doubled = replace(shipment, serials=(*shipment.made[:-1], shipment.made[0]))
    decision = seen.deliver(doubled).fact
    assert decision.disposition != "release"
    assert "PRV-05" in leading(decision)


def test_the_same_units_unswapped_are_released() -> None:
    assert fresh_world().deliver(strict_shipment()).fact.disposition == "release"
