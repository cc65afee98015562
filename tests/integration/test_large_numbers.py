"""Numbers far above what is plausible build like all others and add up exactly."""

from decimal import Decimal

BUILD = ("build", "--exclude-resource-types", "unit_test")
HEADER = (
    "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n"
)


def test_a_barcode_as_quantity_that_is_voided_leaves_nothing(build, tmp_path):
    units = 50_102_512_345
    log = tmp_path / "orders.csv"
    log.write_text(
        HEADER
        + "1,10001,CUP,2,2024-01-05 10:00,1.50,7,France\n"
        + "2,10002,JUG,1,2024-02-05 10:00,9.00,7,France\n"
        + f"3,10001,CUP,{units},2024-02-06 10:00,1.50,8,Spain\n"
        + f"C3,10001,CUP,{-units},2024-02-06 10:05,1.50,8,Spain\n"
        + "4,10001,CUP,3,2024-03-06 10:00,1.50,8,Spain\n"
    )

    result = build(log, *BUILD)

    assert result.success, result.message
    assert result.rows(
        "select gross_amount, returned_amount, net_amount from marts.orders "
        "where order_id = '3'"
    ) == [(units * Decimal("1.5"), units * Decimal("1.5"), 0)]
    assert result.rows("from marts.reconciliation where difference <> 0") == []


def test_lines_of_a_million_million_add_up_to_the_penny(build, tmp_path):
    price, lines = Decimal("999999999999.9999"), 120
    log = tmp_path / "orders.csv"
    log.write_text(
        HEADER
        + "".join(
            f"B{i},P{i % 5},CUP,1,2024-{1 + i // 28:02}-{1 + i % 28:02} 10:00,"
            f"{price},{i % 10},France\n"
            for i in range(lines)
        )
    )

    result = build(log, *BUILD)

    assert result.success, result.message
    for table in ("marts.orders", "marts.sales_by_month", "marts.products"):
        ((total,),) = result.rows(f"select sum(net_amount) from {table}")
        assert total == price * lines, table
    assert result.rows("from marts.reconciliation where difference <> 0") == []
