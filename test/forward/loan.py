"""Baobab Credit: customers take up a loan that was approved for them. See test/flows/loan/README.md."""

import re
from urllib.parse import quote

from endpoint import SORRY, close, refuse, serve, show

# What the bank knows and no request says: each customer's offer as last asked, and what was paid out for each link.
# A real bank has a database for that.
offers = {}
paid = {}


def answer(request, api):
    token, data, at = request["flow_token"], request["data"], request["session"]["at"]
    customer = token.split(".")[0]
    if request["action"] == "INIT":
        return opened(api, customer)
    offer = offers.get(customer) or ask_offer(api, customer)[1]
    if not offer:
        return refuse(SORRY)
    option, term = chosen(offer, **at["LOAN"])
    if not option:
        return refuse("Please choose one of the amounts.", "amount")
    mode = at.get("DETAILS", {}).get("payment_mode")
    match request["action"], request["screen"]:
        case _, "LOAN" if "emi" not in data:
            return loan(offer, option, term)
        case (_, "LOAN") | ("BACK", "SUMMARY"):
            return details(option, term, mode)
        case _, "DETAILS" if "payment_mode" in data:
            return details(option, term, mode)
        case _, "DETAILS":
            return wrong_number(mode, data) or summary(offer, option, term, *payout(mode, data))
        case _, "SUMMARY":
            return pay_out(api, token, customer, option, term, *payout(mode, at["DETAILS"]))


def opened(api, customer):
    match ask_offer(api, customer):
        case 200, {"options": [first, *_]} as offer:
            return loan(offer, first, first["terms"][-1])
        case 200, {"options": []}:
            return show("NO_OFFER", message="There is no offer for you at the moment.")
        case 404, _:
            return close("This offer is no longer available.")
        case _:
            return show("NO_OFFER", message="We cannot look up your offer right now. Please try again later.")


def ask_offer(api, customer):
    status, body = api.get(f"/customers/{quote(customer, safe='')}/offer")
    if status != 200:
        return status, None
    offers[customer] = body
    return status, body


def chosen(offer, amount, tenure, **_):
    """A term that the amount does not have gives way to its last one."""
    for option in offer["options"]:
        if str(option["amount"]) == amount:
            terms = [term for term in option["terms"] if str(term["months"]) == tenure]
            return option, (terms or option["terms"])[-1]
    return None, None


def loan(offer, option, term):
    return show(
        "LOAN",
        amount=[{"id": str(each["amount"]), "title": money(each["amount"])} for each in offer["options"]],
        tenure=[{"id": str(each["months"]), "title": months(each)} for each in option["terms"]],
        selected_amount=str(option["amount"]),
        selected_tenure=str(term["months"]),
        emi=money(term["instalment"]),
        **conditions(offer),
    )


def details(option, term, mode):
    return show("DETAILS", **taken(option, term), is_wallet=mode == "wallet", is_account=mode == "bank")


def wrong_number(mode, data):
    if mode is None:
        return refuse("Choose how we should pay you.", "payment_mode")
    if mode == "bank":
        return None if data.get("account_number") else refuse("Enter your account number.", "account_number")
    if not data.get("wallet_number"):
        return refuse("Enter your wallet number.", "wallet_number")
    if not re.fullmatch("[0-9]{10}", data["wallet_number"]):
        return refuse("A wallet number has 10 digits.", "wallet_number")


def payout(mode, entered):
    """The mode chosen last counts, whichever numbers were filled in."""
    return mode, entered["wallet_number" if mode == "wallet" else "account_number"]


def summary(offer, option, term, mode, number):
    payment = f"To the {'wallet' if mode == 'wallet' else 'account'} ending {number[-4:]}"
    return show("SUMMARY", **taken(option, term), **conditions(offer), payment=payment)


def pay_out(api, token, customer, option, term, mode, number):
    """Once for each link, whatever was changed since."""
    if token not in paid:
        order = {
            "customer": customer,
            "amount": option["amount"],
            "months": term["months"],
            "payout": {"kind": mode, "to": number},
        }
        match api.post("/loans", order, {"idempotency-key": token}):
            case 201, {"reference": reference, "pays_on": pays_on}:
                paid[token] = {"reference": reference, "pays_on": pays_on}
            case 409, {"message": message}:
                return refuse(message)
            case _:
                return refuse(SORRY)
    return show("COMPLETE", **paid[token])


def taken(option, term):
    return {"amount": money(option["amount"]), "tenure": months(term), "emi": money(term["instalment"])}


def conditions(offer):
    return {"rate": f"{offer['rate'] * 100:g} % a year", "fee": money(offer["fee"])}


def months(term):
    return f"{term['months']} months"


def money(amount):
    return f"K {amount:,}"


if __name__ == "__main__":
    serve(answer, {"x-api-key": "baobab-1"})
