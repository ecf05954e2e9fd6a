"""All that is asked of Shopify's Admin GraphQL interface, as whole documents.

Each is sent whole with its name; how much of a list comes is bounded by variables, so that no
question costs more than Shopify grants to one (1,000 points).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

VERSION = "2026-07"
"""Of the interface: one each quarter, and each lives for about a year."""

ORDERS = 8
"""Orders that come at once."""
ITEMS = 10
"""Lines of each of them."""
ALL_ITEMS = 50
"""Lines that come at once where all of an order are needed."""


@dataclass(frozen=True, slots=True)
class Document:
    """One thing that can be asked for."""

    name: str
    text: str
    cost: int
    """Points that it takes at most, counted the dear way; what it really took, Shopify says."""


_MONEY = "{ shopMoney { amount currencyCode } }"
_CUSTOMER = """
fragment CustomerFacts on Customer {
  id legacyResourceId displayName locale createdAt note tags numberOfOrders
  amountSpent { amount currencyCode }
  defaultEmailAddress { emailAddress marketingState marketingUpdatedAt }
  defaultPhoneNumber { phoneNumber marketingState marketingUpdatedAt }
  defaultAddress { city province country timeZone }
}
"""
_LINE = f"""
fragment LineFacts on LineItem {{
  id title variantTitle sku quantity currentQuantity unfulfilledQuantity merchantEditable
  discountedUnitPriceSet {_MONEY}
}}
"""
_ORDER = f"""
fragment OrderFacts on Order {{
  id legacyResourceId name createdAt updatedAt cancelledAt cancelReason closedAt
  currencyCode test note tags email statusPageUrl edited canNotifyCustomer
  displayFinancialStatus displayFulfillmentStatus returnStatus paymentGatewayNames
  merchantEditable merchantEditableErrors
  currentTotalPriceSet {_MONEY}
  currentSubtotalPriceSet {_MONEY}
  currentShippingPriceSet {_MONEY}
  currentTotalDiscountsSet {_MONEY}
  currentTotalTaxSet {_MONEY}
  totalRefundedSet {_MONEY}
  totalOutstandingSet {_MONEY}
  netPaymentSet {_MONEY}
  shippingAddress {{ formatted(withName: true) }}
  fulfillments(first: 5) {{
    displayStatus createdAt deliveredAt estimatedDeliveryAt
    trackingInfo(first: 2) {{ company number url }}
  }}
  lineItems(first: $items, after: $afterItem) {{
    nodes {{ ...LineFacts }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}
{_LINE}
"""
_EDIT = f"""
fragment EditFacts on CalculatedOrder {{
  id
  totalPriceSet {_MONEY}
  totalOutstandingSet {_MONEY}
}}
"""
_EDIT_LINES = f"""
fragment EditLines on CalculatedOrder {{
  lineItems(first: $items, after: $afterItem) {{
    nodes {{
      id title variantTitle sku quantity editableQuantity restockable
      discountedUnitPriceSet {_MONEY}
    }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}
"""

SHOP = Document(
    "Shop", "query Shop { shop { name currencyCode ianaTimezone myshopifyDomain createdAt } }", 2
)
SEE_CUSTOMERS = Document(
    "SeeCustomers", "query SeeCustomers { customers(first: 1) { nodes { id } } }", 5
)
SEE_ORDERS = Document(
    "SeeOrders",
    "query SeeOrders { orders(first: 1, sortKey: CREATED_AT) { nodes { id createdAt } } }",
    5,
)
FIND = Document(
    "FindCustomer",
    """
query FindCustomer($by: CustomerIdentifierInput!) {
  customerByIdentifier(identifier: $by) { ...CustomerFacts }
}
"""
    + _CUSTOMER,
    7,
)
CUSTOMER = Document(
    "Customer",
    "query Customer($id: ID!) { customer(id: $id) { ...CustomerFacts } }" + _CUSTOMER,
    7,
)
_ORDER_COST = 41
"""Points of one order without its lines."""
_LINE_COST = 4


def orders_cost(orders: int, items: int) -> int:
    """Return how many points a page of orders takes at most."""
    return 8 + orders * (_ORDER_COST + items * _LINE_COST)


CUSTOMER_ORDERS = Document(
    "CustomerOrders",
    """
query CustomerOrders(
  $id: ID!, $orders: Int!, $after: String, $items: Int!, $afterItem: String, $facts: Boolean!
) {
  customer(id: $id) {
    ...CustomerFacts @include(if: $facts)
    orders(first: $orders, after: $after, sortKey: CREATED_AT, reverse: true) {
      nodes { ...OrderFacts }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
    + _CUSTOMER
    + _ORDER,
    orders_cost(ORDERS, ITEMS),
)
NAMED_ORDERS = Document(
    "NamedOrders",
    """
query NamedOrders($id: ID!, $query: String!, $orders: Int!, $items: Int!, $afterItem: String) {
  customer(id: $id) {
    orders(first: $orders, query: $query) { nodes { ...OrderFacts } }
  }
}
"""
    + _ORDER,
    orders_cost(ORDERS, ITEMS),
)
ORDER = Document(
    "OneOrder",
    """
query OneOrder($id: ID!, $items: Int!, $afterItem: String) {
  order(id: $id) { ...OrderFacts }
}
"""
    + _ORDER,
    orders_cost(1, ALL_ITEMS),
)
ORDER_LINES = Document(
    "OrderLines",
    """
query OrderLines($id: ID!, $items: Int!, $afterItem: String) {
  order(id: $id) {
    updatedAt
    lineItems(first: $items, after: $afterItem) {
      nodes { ...LineFacts }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
    + _LINE,
    8 + ALL_ITEMS * _LINE_COST,
)
EDIT_BEGIN = Document(
    "EditBegin",
    """
mutation EditBegin($id: ID!, $items: Int!, $afterItem: String) {
  orderEditBegin(id: $id) {
    calculatedOrder { ...EditFacts ...EditLines }
    userErrors { field message }
  }
}
"""
    + _EDIT
    + _EDIT_LINES,
    20 + ALL_ITEMS * _LINE_COST,
)
EDIT_LINES = Document(
    "MoreEditLines",
    """
query MoreEditLines($id: ID!, $items: Int!, $afterItem: String) {
  node(id: $id) { ... on CalculatedOrder { ...EditLines } }
}
"""
    + _EDIT_LINES,
    10 + ALL_ITEMS * _LINE_COST,
)
EDIT_SET = Document(
    "EditSetQuantity",
    """
mutation EditSetQuantity($id: ID!, $line: ID!, $quantity: Int!, $restock: Boolean) {
  orderEditSetQuantity(id: $id, lineItemId: $line, quantity: $quantity, restock: $restock) {
    calculatedLineItem { id quantity }
    calculatedOrder { ...EditFacts }
    userErrors { field message }
  }
}
"""
    + _EDIT,
    20,
)
EDIT_COMMIT = Document(
    "EditCommit",
    f"""
mutation EditCommit($id: ID!, $notify: Boolean, $note: String) {{
  orderEditCommit(id: $id, notifyCustomer: $notify, staffNote: $note) {{
    order {{
      id updatedAt
      currentTotalPriceSet {_MONEY}
      totalOutstandingSet {_MONEY}
    }}
    userErrors {{ field message }}
  }}
}}
""",
    20,
)
CANCEL = Document(
    "CancelOrder",
    """
mutation CancelOrder(
  $id: ID!, $reason: OrderCancelReason!, $restock: Boolean!,
  $refund: OrderCancelRefundMethodInput, $notify: Boolean, $note: String
) {
  orderCancel(
    orderId: $id, reason: $reason, restock: $restock, refundMethod: $refund,
    notifyCustomer: $notify, staffNote: $note
  ) {
    job { id done }
    orderCancelUserErrors { field message code }
  }
}
""",
    15,
)
JOB = Document("Job", "query Job($id: ID!) { job(id: $id) { id done } }", 2)

DOCUMENTS: Mapping[str, Document] = {
    one.name: one
    for one in (
        SHOP, SEE_CUSTOMERS, SEE_ORDERS, FIND, CUSTOMER, CUSTOMER_ORDERS, NAMED_ORDERS, ORDER,
        ORDER_LINES, EDIT_BEGIN, EDIT_LINES, EDIT_SET, EDIT_COMMIT, CANCEL, JOB,
    )
}  # fmt: skip
"""Every document by its name."""
