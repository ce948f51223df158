# Wrong answers, one a block: "# %% task mistake | criterion that fails | words of its hint".
# What stands before the first block begins every answer.

import json
from typing import Literal

from openai import LengthFinishReasonError
from pydantic import BaseModel, ValidationError


class Booking(BaseModel):
    name: str | None
    people: int
    seat: Literal["window", "bar"]


class Parcel(BaseModel):
    name: str
    grams: int


class Order(BaseModel):
    menu: str
    count: int


def using(tools):
    return {"tools": tools, "reasoning_effort": "none"}


# %% 08.1 The name is required | null | Nobody told a name
class Booking(BaseModel):
    name: str
    people: int
    seat: Literal["window", "bar"]


def book(client, model, text):
    messages = [{"role": "user", "content": text}]
    response = client.chat.completions.parse(
        model=model, messages=messages, response_format=Booking
    )
    return response.choices[0].message.parsed


# %% 08.1 A made-up name instead of None | null | so it is null
def book(client, model, text):
    messages = [{"role": "user", "content": text}]
    response = client.chat.completions.parse(
        model=model, messages=messages, response_format=Booking
    )
    booking = response.choices[0].message.parsed
    return booking.model_copy(update={"name": booking.name or "?"})


# %% 08.1 Any text is a seat | choices | Which type lists
class Booking(BaseModel):
    name: str | None
    people: int
    seat: str


def book(client, model, text):
    messages = [{"role": "user", "content": text}]
    response = client.chat.completions.parse(
        model=model, messages=messages, response_format=Booking
    )
    return response.choices[0].message.parsed


# %% 08.1 JSON mode, and the keys in words | schema | parse() makes a strict schema
def book(client, model, text):
    wish = {"role": "system", "content": "Answer in JSON with the keys name, people and seat."}
    messages = [wish, {"role": "user", "content": text}]
    form = {"type": "json_object"}
    response = client.chat.completions.create(model=model, messages=messages, response_format=form)
    return Booking.model_validate_json(response.choices[0].message.content)


# %% 08.1 A schema that is not strict | schema | strict
def book(client, model, text):
    messages = [{"role": "user", "content": text}]
    schema = {"name": "booking", "schema": Booking.model_json_schema()}
    form = {"type": "json_schema", "json_schema": schema}
    response = client.chat.completions.create(model=model, messages=messages, response_format=form)
    return Booking.model_validate_json(response.choices[0].message.content)


# %% 08.1 The people are a number with a point | returns | its own type
class Booking(BaseModel):
    name: str | None
    people: float
    seat: Literal["window", "bar"]


def book(client, model, text):
    messages = [{"role": "user", "content": text}]
    response = client.chat.completions.parse(
        model=model, messages=messages, response_format=Booking
    )
    return response.choices[0].message.parsed


# %% 08.1 The user's words are wrapped | schema | as they are
def book(client, model, text):
    messages = [{"role": "user", "content": f"Fill in the form: {text}"}]
    response = client.chat.completions.parse(
        model=model, messages=messages, response_format=Booking
    )
    return response.choices[0].message.parsed


# %% 08.2 A refusal is not looked for | refused | in another field
def parcel(client, model, text, limit):
    messages = [{"role": "user", "content": text}]
    try:
        response = client.chat.completions.parse(
            model=model, messages=messages, response_format=Parcel, max_completion_tokens=limit
        )
    except LengthFinishReasonError:
        return None
    message = response.choices[0].message
    return message.parsed


# %% 08.2 A refusal becomes an empty text | refused | Its words
def parcel(client, model, text, limit):
    messages = [{"role": "user", "content": text}]
    try:
        response = client.chat.completions.parse(
            model=model, messages=messages, response_format=Parcel, max_completion_tokens=limit
        )
    except LengthFinishReasonError:
        return None
    message = response.choices[0].message
    return message.parsed or message.content or ""


# %% 08.2 The error of a cut reply is not caught | cut | raises an error
def parcel(client, model, text, limit):
    messages = [{"role": "user", "content": text}]
    response = client.chat.completions.parse(
        model=model, messages=messages, response_format=Parcel, max_completion_tokens=limit
    )
    message = response.choices[0].message
    return message.refusal or message.parsed


# %% 08.2 Half the JSON is returned | cut | Half a JSON
def parcel(client, model, text, limit):
    messages = [{"role": "user", "content": text}]
    try:
        response = client.chat.completions.parse(
            model=model, messages=messages, response_format=Parcel, max_completion_tokens=limit
        )
    except LengthFinishReasonError as error:
        return error.completion.choices[0].message.content
    message = response.choices[0].message
    return message.refusal or message.parsed


# %% 08.2 The limit is not sent | cut | Send limit along
def parcel(client, model, text, limit):
    messages = [{"role": "user", "content": text}]
    try:
        response = client.chat.completions.parse(
            model=model, messages=messages, response_format=Parcel
        )
    except LengthFinishReasonError:
        return None
    message = response.choices[0].message
    return message.refusal or message.parsed


# %% 08.2 A dict instead of the object | object | the object itself
def parcel(client, model, text, limit):
    messages = [{"role": "user", "content": text}]
    try:
        response = client.chat.completions.parse(
            model=model, messages=messages, response_format=Parcel, max_completion_tokens=limit
        )
    except LengthFinishReasonError:
        return None
    message = response.choices[0].message
    return message.refusal or message.parsed.model_dump()


# %% 08.2 The text instead of the object | object | as parsed
def parcel(client, model, text, limit):
    messages = [{"role": "user", "content": text}]
    try:
        response = client.chat.completions.parse(
            model=model, messages=messages, response_format=Parcel, max_completion_tokens=limit
        )
    except LengthFinishReasonError:
        return None
    message = response.choices[0].message
    return message.refusal or message.content


# %% 08.3 eval() instead of JSON | unrun | run as code
def take(arguments, stock):
    try:
        order = Order.model_validate(eval(arguments, {"null": None, "print": print}))
    except Exception as error:
        return f"error: {error}"
    if order.menu not in stock:
        return "error: not on the menu"
    if not 1 <= order.count <= stock[order.menu]:
        return f"error: {stock[order.menu]} left"
    stock[order.menu] -= order.count
    return "ok"


# %% 08.3 The error is not caught | broken | raise none
def take(arguments, stock):
    order = Order.model_validate_json(arguments)
    if order.menu not in stock:
        return "error: not on the menu"
    if not 1 <= order.count <= stock[order.menu]:
        return f"error: {stock[order.menu]} left"
    stock[order.menu] -= order.count
    return "ok"


# %% 08.3 Only broken JSON is caught | broken | the model is waiting
def take(arguments, stock):
    try:
        order = json.loads(arguments)
    except ValueError as error:
        return f"error: {error}"
    if order["menu"] not in stock:
        return "error: not on the menu"
    if not 1 <= order["count"] <= stock[order["menu"]]:
        return f"error: {stock[order['menu']]} left"
    stock[order["menu"]] -= order["count"]
    return "ok"


# %% 08.3 The menu is not looked up | unknown | no such thing
def take(arguments, stock):
    try:
        order = Order.model_validate_json(arguments)
    except ValidationError as error:
        return f"error: {error.errors()[0]['msg']}"
    if not 1 <= order.count <= stock[order.menu]:
        return f"error: {stock[order.menu]} left"
    stock[order.menu] -= order.count
    return "ok"


# %% 08.3 What is unknown is simply taken | unknown | before you go on
def take(arguments, stock):
    try:
        order = Order.model_validate_json(arguments)
    except ValidationError as error:
        return f"error: {error.errors()[0]['msg']}"
    if not 1 <= order.count <= stock.get(order.menu, 1):
        return f"error: {stock[order.menu]} left"
    stock[order.menu] = stock.get(order.menu, 1) - order.count
    return "ok"


# %% 08.3 Less than one can be taken | enough | Check both ends
def take(arguments, stock):
    try:
        order = Order.model_validate_json(arguments)
    except ValidationError as error:
        return f"error: {error.errors()[0]['msg']}"
    if order.menu not in stock:
        return "error: not on the menu"
    if order.count > stock[order.menu]:
        return f"error: {stock[order.menu]} left"
    stock[order.menu] -= order.count
    return "ok"


# %% 08.3 More than the stock can be taken | enough | how much is left
def take(arguments, stock):
    try:
        order = Order.model_validate_json(arguments)
    except ValidationError as error:
        return f"error: {error.errors()[0]['msg']}"
    if order.menu not in stock:
        return "error: not on the menu"
    if order.count < 1:
        return f"error: {stock[order.menu]} left"
    stock[order.menu] -= order.count
    return "ok"


# %% 08.3 Taken first, checked after | enough | then take
def take(arguments, stock):
    try:
        order = Order.model_validate_json(arguments)
    except ValidationError as error:
        return f"error: {error.errors()[0]['msg']}"
    if order.menu not in stock:
        return "error: not on the menu"
    stock[order.menu] -= order.count
    if stock[order.menu] < 0 or order.count < 1:
        return f"error: {stock[order.menu]} left"
    return "ok"


# %% 08.3 The last one is never sold | fine | Take the count
def take(arguments, stock):
    try:
        order = Order.model_validate_json(arguments)
    except ValidationError as error:
        return f"error: {error.errors()[0]['msg']}"
    if order.menu not in stock:
        return "error: not on the menu"
    if not 1 <= order.count < stock[order.menu]:
        return f"error: {stock[order.menu]} left"
    stock[order.menu] -= order.count
    return "ok"


# %% 08.3 Nothing is taken from the stock | fine | that you were given
def take(arguments, stock):
    try:
        order = Order.model_validate_json(arguments)
    except ValidationError as error:
        return f"error: {error.errors()[0]['msg']}"
    if order.menu not in stock:
        return "error: not on the menu"
    if not 1 <= order.count <= stock[order.menu]:
        return f"error: {stock[order.menu]} left"
    return "ok"


# %% 08.4 Only the first call is answered | results | a tool message for each
def serve(client, model, text, tools, stock, most):
    talk = [{"role": "user", "content": text}]
    for _request in range(most):
        response = client.chat.completions.create(model=model, messages=talk, **using(tools))
        message = response.choices[0].message
        if not message.tool_calls:
            return message.content
        talk.append(message.to_dict())
        for call in message.tool_calls[:1]:
            menu = json.loads(call.function.arguments)["menu"]
            result = str(stock[menu])
            talk.append({"role": "tool", "tool_call_id": call.id, "content": result})
    return None


# %% 08.4 All results under the first id | results | under its own id
def serve(client, model, text, tools, stock, most):
    talk = [{"role": "user", "content": text}]
    for _request in range(most):
        response = client.chat.completions.create(model=model, messages=talk, **using(tools))
        message = response.choices[0].message
        if not message.tool_calls:
            return message.content
        talk.append(message.to_dict())
        for call in message.tool_calls:
            menu = json.loads(call.function.arguments)["menu"]
            result = str(stock[menu])
            talk.append(
                {"role": "tool", "tool_call_id": message.tool_calls[0].id, "content": result}
            )
    return None


# %% 08.4 Every call gets the first one's result | results | what its own arguments
def serve(client, model, text, tools, stock, most):
    talk = [{"role": "user", "content": text}]
    for _request in range(most):
        response = client.chat.completions.create(model=model, messages=talk, **using(tools))
        message = response.choices[0].message
        if not message.tool_calls:
            return message.content
        talk.append(message.to_dict())
        for call in message.tool_calls:
            menu = json.loads(message.tool_calls[0].function.arguments)["menu"]
            result = str(stock[menu])
            talk.append({"role": "tool", "tool_call_id": call.id, "content": result})
    return None


# %% 08.4 The results in one message | results | a tool message for each
def serve(client, model, text, tools, stock, most):
    talk = [{"role": "user", "content": text}]
    for _request in range(most):
        response = client.chat.completions.create(model=model, messages=talk, **using(tools))
        message = response.choices[0].message
        if not message.tool_calls:
            return message.content
        talk.append(message.to_dict())
        menus = [json.loads(call.function.arguments)["menu"] for call in message.tool_calls]
        result = ", ".join(str(stock[menu]) for menu in menus)
        first = message.tool_calls[0].id
        talk.append({"role": "tool", "tool_call_id": first, "content": result})
    return None


# %% 08.4 One round only | again | Repeat until it does not
def serve(client, model, text, tools, stock, most):
    talk = [{"role": "user", "content": text}]
    for _request in range(2):
        response = client.chat.completions.create(model=model, messages=talk, **using(tools))
        message = response.choices[0].message
        if not message.tool_calls:
            return message.content
        talk.append(message.to_dict())
        for call in message.tool_calls:
            menu = json.loads(call.function.arguments)["menu"]
            result = str(stock[menu])
            talk.append({"role": "tool", "tool_call_id": call.id, "content": result})
    return None


# %% 08.4 No end to the rounds | stops | Count the requests
def serve(client, model, text, tools, stock, most):
    talk = [{"role": "user", "content": text}]
    while True:
        response = client.chat.completions.create(model=model, messages=talk, **using(tools))
        message = response.choices[0].message
        if not message.tool_calls:
            return message.content
        talk.append(message.to_dict())
        for call in message.tool_calls:
            menu = json.loads(call.function.arguments)["menu"]
            result = str(stock[menu])
            talk.append({"role": "tool", "tool_call_id": call.id, "content": result})


# %% 08.4 One request too many | stops | as many as most says
def serve(client, model, text, tools, stock, most):
    talk = [{"role": "user", "content": text}]
    for _request in range(most + 1):
        response = client.chat.completions.create(model=model, messages=talk, **using(tools))
        message = response.choices[0].message
        if not message.tool_calls:
            return message.content
        talk.append(message.to_dict())
        for call in message.tool_calls:
            menu = json.loads(call.function.arguments)["menu"]
            result = str(stock[menu])
            talk.append({"role": "tool", "tool_call_id": call.id, "content": result})
    return None


# %% 08.4 Without a call there is nothing to return | plain | Return the text then
def serve(client, model, text, tools, stock, most):
    talk = [{"role": "user", "content": text}]
    for _request in range(most):
        response = client.chat.completions.create(model=model, messages=talk, **using(tools))
        message = response.choices[0].message
        if not message.tool_calls:
            return message.content if len(talk) > 1 else None
        talk.append(message.to_dict())
        for call in message.tool_calls:
            menu = json.loads(call.function.arguments)["menu"]
            result = str(stock[menu])
            talk.append({"role": "tool", "tool_call_id": call.id, "content": result})
    return None


# %% 08.4 A tool is demanded at first | plain | None when no tool
def serve(client, model, text, tools, stock, most):
    talk = [{"role": "user", "content": text}]
    for _request in range(most):
        response = client.chat.completions.create(model=model, messages=talk, **using(tools))
        message = response.choices[0].message
        if len(talk) > 1 and not message.tool_calls:
            return message.content
        talk.append(message.to_dict())
        for call in message.tool_calls:
            menu = json.loads(call.function.arguments)["menu"]
            result = str(stock[menu])
            talk.append({"role": "tool", "tool_call_id": call.id, "content": result})
    return None
