"""How others call our columns: the usual spellings, and those of well-known exports.

Spellings are without case, blanks, punctuation and units in brackets. Of each column
the first group that a header holds counts; where it holds two of one group, the build
asks.
"""

# Best first. What stands in a later group is only meant where no earlier one is there.
SPELLINGS: dict[str, tuple[str, ...]] = {
    "invoice": (
        "invoice invoiceno",
        "orderid invoiceid invoicenumber invoicenr incrementid basketid",
        "ordernumber orderno ordernr ordername transactionid transactionno "
        "transactionnumber receiptid receiptno receiptnumber ticketid ticketno "
        "ticketnumber billid billno billnumber",
        "order transaction receipt ticket basket bill bestellnummer bestellnr "
        "rechnungsnummer rechnungsnr auftragsnummer belegnummer ncommande "
        "numerocommande numerodecommande commande numerofacture facture "
        "numeropedido pedido numerofactura factura",
    ),
    "stock_code": (
        "stockcode",
        "sku productid productcode productsku lineitemsku itemsku itemid itemcode "
        "itemno itemnumber articleid articleno articlenumber articlecode materialid",
        "barcode ean upc plu artikelnummer artikelnr reference codeproduit "
        "codearticle codigoproducto",
        "product item article artikel produit producto",
    ),
    "description": (
        "description",
        "productname itemname itemdescription productdescription producttitle "
        "lineitemname articlename",
        "product item article title name bezeichnung artikelbezeichnung "
        "artikelname designation libelle descripcion nombreproducto",
    ),
    "quantity": (
        "quantity",
        "qty qtyordered orderquantity orderqty quantityordered itemquantity "
        "lineitemquantity qtysold quantitysold unitssold",
        "units pieces count menge anzahl stuck quantite cantidad unidades",
    ),
    "invoice_date": (
        "invoicedate",
        "orderdate orderdatetime orderedat orderpurchasetimestamp purchasedate "
        "transactiondate transactiondt saledate salesdate receiptdate ticketdate "
        "invoicedatetime dateordered dateoforder",
        "createdat datecreated date datetime timestamp datum bestelldatum "
        "rechnungsdatum datecommande datedecommande datefacture fecha fechapedido "
        "fechafactura",
        "day time",
    ),
    "unit_price": (
        "unitprice price",
        "itemprice priceeach priceperunit priceperitem lineitemprice productprice "
        "sellingprice saleprice salesprice itemcost einzelpreis stuckpreis "
        "prixunitaire preciounitario",
        "preis prix precio",
    ),
    "amount": (
        "amount",
        "linetotal rowtotal lineamount totalprice totalamount totalsales salesvalue "
        "salesamount extendedprice netamount linesales",
        "sales total revenue ordertotal ordervalue orderamount value spend turnover "
        "umsatz betrag summe gesamtpreis montant prixtotal importe",
    ),
    "discount": (
        "discount",
        "discountamount lineitemdiscount discountrate discountpercent discountpct "
        "rabatt remise descuento",
    ),
    "unit_cost": (
        "unitcost",
        "costprice costperunit costperitem purchaseprice einkaufspreis "
        "einstandspreis prixachat",
        "cost",
    ),
    "customer_id": (
        # Olist's customer_id is another one with every order.
        "customeruniqueid",
        "customerid",
        "customerno customernumber customercode customerkey customeruserid clientid "
        "memberid membernumber userid shopperid buyerid accountid householdkey "
        "householdid cardid loyaltyid loyaltycard loyaltycardid kundennummer kundennr "
        "kundenid numeroclient nclient idclient idcliente clienteid",
        "customer client member user shopper buyer kunde cliente",
        "email emailaddress customeremail billingemail",
    ),
    "country": (
        "country",
        "billingcountry countryname countrycode countryid land pays pais",
        "shippingcountry shipcountry",
    ),
    "category": (
        "category",
        "productcategory itemcategory categoryname productcategoryname kategorie "
        "categorie categoria warengruppe",
        "department productline productsubclass",
    ),
    "store": ("storeid storecode storenumber shopid branchid", "store branch filiale"),
    # Of dated events.
    "event_at": (
        "eventat",
        "eventdate eventtime eventdatetime eventtimestamp occurredat happenedat",
        "timestamp datetime createdat visitedat openedat sentat reviewedat date time",
        "datum fecha",
    ),
    "event_type": (
        "eventtype",
        "eventname event eventkind activitytype activity action actiontype",
        "type kind",
    ),
    "value": (
        "value",
        "eventvalue stars rating score minutes duration amount count",
    ),
    "text": (
        "text",
        "eventtext reviewtext comment comments message feedback review body words",
    ),
}
# Exports that call one thing by the name of another: what their header holds, and which
# of it is which.
EXPORTS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "Shopify orders": (("name", "lineitemname"), {"invoice": "name"}),
    "Ta-Feng": (
        ("transactiondt", "amount", "salesprice"),
        {"quantity": "amount", "amount": "salesprice"},
    ),
}
# A header with one of these in it may be that column under a name not known here. Where
# there is none, the log has no such column.
HINTS: dict[str, tuple[str, ...]] = {
    "customer_id": (
        *("cust", "client", "member", "user", "shopper", "buyer", "account", "kunde"),
        *("household", "mail", "person", "guest", "cliente", "loyal", "card"),
    ),
    "unit_price": (
        *("pri", "prei", "amount", "total", "value", "sales", "revenue", "cost"),
        *("betrag", "umsatz", "montant", "importe", "spend", "paid", "gbp", "eur"),
        *("usd", "gross", "net", "charge", "fee"),
    ),
    "quantity": ("qty", "quant", "unit", "piece", "count", "menge", "cantidad"),
}
