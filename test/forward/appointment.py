"""Lumen Opticians: people book a visit, choosing one by one on one screen. See test/flows/appointment/README.md."""

import re

from endpoint import SORRY, complete, refuse, serve, show

SERVICES = {"exam": "Eye exam", "lenses": "Contact lenses", "repair": "Frame repair", "kids": "Children's exam"}
BRANCHES = {"n": "North Quay", "m": "Market Square", "h": "Hill Road"}
OFFERED = {"n": ["exam", "lenses"], "m": ["exam", "lenses", "repair"], "h": ["exam", "repair", "kids"]}
DAYS = {"2031-03-03": "Mon 3 March", "2031-03-04": "Tue 4 March", "2031-03-05": "Wed 5 March"}


def answer(request, api):
    data, known = request["data"], request["session"]["known"]
    match request["action"], request["screen"]:
        case "INIT", _:
            return appointment(api)
        case "BACK", "SUMMARY":
            return show("DETAILS", **chosen(known))
        case _, "APPOINTMENT":
            return not_on_offer(data) or appointment(api, data["department"], data.get("location"), data.get("date"))
        case _, "DETAILS":
            return not_on_offer(data) or wrong_details(data) or summary(data)
        case _, "SUMMARY":
            return not_on_offer(data) or book(api, data, request["key"])


def chosen(values):
    return {name: values[name] for name in ("department", "location", "date", "time")}


def not_on_offer(data):
    service, branch, day = data["department"], data.get("location"), data.get("date")
    if service not in SERVICES:
        return refuse("Please choose one of our services.", "department")
    if branch and service not in OFFERED.get(branch, []):
        return refuse("Please choose a branch that offers this.", "location")
    if day and day not in DAYS:
        return refuse("Please choose one of the days.", "date")


def appointment(api, service=None, branch=None, day=None):
    """The screen with what can be chosen after that. The lists below the last choice start anew."""
    offering = {branch_id: title for branch_id, title in BRANCHES.items() if service in OFFERED[branch_id]}
    times, problem = times_of(api, service, branch, day)
    return show(
        "APPOINTMENT",
        department=options(SERVICES),
        location=options(offering) if service else nothing("Choose a service first"),
        is_location_enabled=bool(service),
        date=options(DAYS) if branch else nothing("Choose a branch first"),
        is_date_enabled=bool(branch),
        time=times,
        is_time_enabled="enabled" in times[0],
        **({"error_message": problem} if problem else {}),
    )


def times_of(api, service, branch, day):
    if not day:
        return nothing("Choose a day first"), None
    match api.get("/times", service=service, branch=branch, day=day):
        case 200, {"times": []}:
            return nothing("No times on this day"), None
        case 200, {"times": times}:
            return [{"id": time["at"], "title": time["at"], "enabled": time["free"]} for time in times], None
        case _:
            return nothing("No times to show"), SORRY


def options(titles):
    return [{"id": key, "title": title} for key, title in titles.items()]


def nothing(title):
    return [{"id": "-", "title": title}]


def wrong_details(data):
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", data["email"]):
        return refuse("That e-mail address looks incomplete.", "email")
    if len(re.findall("[0-9]", data["phone"])) < 8:
        return refuse("Please give your full phone number.", "phone")


def summary(data):
    note = data.get("note", "")
    what, where, day = SERVICES[data["department"]], BRANCHES[data["location"]], DAYS[data["date"]]
    details = [f"Name: {data['name']}", f"E-mail: {data['email']}", f"Phone: {data['phone']}"]
    return show(
        "SUMMARY",
        appointment=f"{what} at {where}\n{day}, {data['time']}",
        details="\n".join(details + ([f"Note: {note}"] if note else [])),
        **chosen(data),
        **{name: data[name] for name in ("name", "email", "phone")},
        note=note,
    )


def book(api, data, key):
    booking = {
        "service": data["department"],
        "branch": data["location"],
        "day": data["date"],
        "time": data["time"],
        "name": data["name"],
        "email": data["email"],
        "phone": data["phone"],
        "note": data.get("note", ""),
    }
    match api.post("/appointments", booking, {"idempotency-key": key}):
        case 201, {"reference": reference}:
            return complete(reference=reference)
        case 409, {"message": message}:
            return refuse(message)
        case _:
            return refuse(SORRY)


if __name__ == "__main__":
    serve(answer, {"x-api-key": "lumen-1"})
