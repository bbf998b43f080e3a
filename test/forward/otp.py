"""Fennel, a members' club: people prove their e-mail address with a code. See test/flows/otp/README.md."""

import re

from endpoint import SORRY, complete, refuse, serve, show

# Who proved an address, by flow token. A real club has a database for that.
members = {}


def answer(request, api):
    token, data, known = request["flow_token"], request["data"], request["session"]["known"]
    match request["action"], request["screen"]:
        case "INIT", _:
            return form({})
        case "BACK", "OTP_SCREEN":
            return form(known)
        case _, "FORM_SCREEN":
            return send_code(api, token, data["email"], hint="")
        case _, "OTP_SCREEN" if data.get("resend"):
            return send_code(api, token, known["email"], hint="A new code is on its way.")
        case _, "OTP_SCREEN":
            return check_code(api, token, data["code"], known)
        case _, "VERIFIED":
            return complete(verified=True, member=members[token], email=known["email"])


def form(known, **more):
    return show("FORM_SCREEN", name_value=known.get("name", ""), email_value=known.get("email", ""), **more)


def send_code(api, token, email, hint):
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        return refuse("Please check the address.", "email")
    match api.post("/codes", {"ref": token, "email": email}):
        case 204, _:
            return show("OTP_SCREEN", sent_to=masked(email), hint=hint)
        case 429, {"message": message}:
            return refuse(message)
        case _:
            return refuse(SORRY)


def check_code(api, token, code, known):
    if not re.fullmatch("[0-9]{6}", code):
        return refuse("The code has 6 digits.", "code")
    match api.post("/codes/check", {"ref": token, "code": code}):
        case 200, {"verified": True, "member": member}:
            members[token] = member
            return show("VERIFIED", text=f"Thank you, {known['name']}. {masked(known['email'])} is yours.")
        case (200, {"verified": False, "message": message}) | (422, {"message": message}):
            return refuse(message, "code")
        case 410, {"message": message}:  # too many tries: they begin anew
            return form(known, error_message=message)
        case _:
            return refuse(SORRY)


def masked(email):
    return f"{email[0]}•••@{email.split('@')[1]}"


if __name__ == "__main__":
    serve(answer, {"x-api-key": "fennel-1"})
