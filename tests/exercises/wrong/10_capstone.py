# Wrong answers, one a block: "# %% task mistake | criterion that fails | words of its hint".
# What stands before the first block begins every answer.

from html import escape
from pathlib import Path
from time import perf_counter

import openai

from course_utils.cost import dollars, per_month


# %% 10.1 The pieces are not flushed | shown | stream, and flush
def brief(client, model, task, article, limit):
    messages = [{"role": "developer", "content": task}, {"role": "user", "content": article}]
    start, text, first, reason, usage = perf_counter(), "", None, None, None
    for chunk in client.chat.completions.create(
        model=model,
        messages=messages,
        max_completion_tokens=limit,
        stream=True,
        stream_options={"include_usage": True},
    ):
        usage = chunk.usage and chunk.usage.to_dict()
        if chunk.choices:
            piece, reason = chunk.choices[0].delta.content or "", chunk.choices[0].finish_reason
            if piece and first is None:
                first = perf_counter() - start
            print(piece, end="")
            text += piece
    if reason != "stop":
        raise RuntimeError(reason)
    return {"text": text, "first": first, "seconds": perf_counter() - start, "usage": usage}


# %% 10.1 Printed as it comes, and once more whole | shown | one time only
def brief(client, model, task, article, limit):
    messages = [{"role": "developer", "content": task}, {"role": "user", "content": article}]
    start, text, first, reason, usage = perf_counter(), "", None, None, None
    for chunk in client.chat.completions.create(
        model=model,
        messages=messages,
        max_completion_tokens=limit,
        stream=True,
        stream_options={"include_usage": True},
    ):
        usage = chunk.usage and chunk.usage.to_dict()
        if chunk.choices:
            piece, reason = chunk.choices[0].delta.content or "", chunk.choices[0].finish_reason
            if piece and first is None:
                first = perf_counter() - start
            print(piece, end="", flush=True)
            text += piece
    print(text)
    if reason != "stop":
        raise RuntimeError(reason)
    return {"text": text, "first": first, "seconds": perf_counter() - start, "usage": usage}


# %% 10.1 Printed only when all is there | shown | still under way
def brief(client, model, task, article, limit):
    messages = [{"role": "developer", "content": task}, {"role": "user", "content": article}]
    start, text, first, reason, usage = perf_counter(), "", None, None, None
    for chunk in client.chat.completions.create(
        model=model,
        messages=messages,
        max_completion_tokens=limit,
        stream=True,
        stream_options={"include_usage": True},
    ):
        usage = chunk.usage and chunk.usage.to_dict()
        if chunk.choices:
            piece, reason = chunk.choices[0].delta.content or "", chunk.choices[0].finish_reason
            if piece and first is None:
                first = perf_counter() - start
            text += piece
    print(text)
    if reason != "stop":
        raise RuntimeError(reason)
    return {"text": text, "first": first, "seconds": perf_counter() - start, "usage": usage}


# %% 10.1 The article stands in the instruction | roles | keep it apart
def brief(client, model, task, article, limit):
    messages = [{"role": "user", "content": f"{task}\n\n{article}"}]
    start, text, first, reason, usage = perf_counter(), "", None, None, None
    for chunk in client.chat.completions.create(
        model=model,
        messages=messages,
        max_completion_tokens=limit,
        stream=True,
        stream_options={"include_usage": True},
    ):
        usage = chunk.usage and chunk.usage.to_dict()
        if chunk.choices:
            piece, reason = chunk.choices[0].delta.content or "", chunk.choices[0].finish_reason
            if piece and first is None:
                first = perf_counter() - start
            print(piece, end="", flush=True)
            text += piece
    if reason != "stop":
        raise RuntimeError(reason)
    return {"text": text, "first": first, "seconds": perf_counter() - start, "usage": usage}


# %% 10.1 The usage is not asked for | result | only if you ask for it
def brief(client, model, task, article, limit):
    messages = [{"role": "developer", "content": task}, {"role": "user", "content": article}]
    start, text, first, reason, usage = perf_counter(), "", None, None, None
    for chunk in client.chat.completions.create(
        model=model,
        messages=messages,
        max_completion_tokens=limit,
        stream=True,
    ):
        usage = chunk.usage and chunk.usage.to_dict()
        if chunk.choices:
            piece, reason = chunk.choices[0].delta.content or "", chunk.choices[0].finish_reason
            if piece and first is None:
                first = perf_counter() - start
            print(piece, end="", flush=True)
            text += piece
    if reason != "stop":
        raise RuntimeError(reason)
    return {"text": text, "first": first, "seconds": perf_counter() - start, "usage": usage}


# %% 10.1 The SDK's usage object | result | as a dict
def brief(client, model, task, article, limit):
    messages = [{"role": "developer", "content": task}, {"role": "user", "content": article}]
    start, text, first, reason, usage = perf_counter(), "", None, None, None
    for chunk in client.chat.completions.create(
        model=model,
        messages=messages,
        max_completion_tokens=limit,
        stream=True,
        stream_options={"include_usage": True},
    ):
        usage = chunk.usage
        if chunk.choices:
            piece, reason = chunk.choices[0].delta.content or "", chunk.choices[0].finish_reason
            if piece and first is None:
                first = perf_counter() - start
            print(piece, end="", flush=True)
            text += piece
    if reason != "stop":
        raise RuntimeError(reason)
    return {"text": text, "first": first, "seconds": perf_counter() - start, "usage": usage}


# %% 10.1 The last piece instead of the text | result | all of them
def brief(client, model, task, article, limit):
    messages = [{"role": "developer", "content": task}, {"role": "user", "content": article}]
    start, text, first, reason, usage = perf_counter(), "", None, None, None
    for chunk in client.chat.completions.create(
        model=model,
        messages=messages,
        max_completion_tokens=limit,
        stream=True,
        stream_options={"include_usage": True},
    ):
        usage = chunk.usage and chunk.usage.to_dict()
        if chunk.choices:
            piece, reason = chunk.choices[0].delta.content or "", chunk.choices[0].finish_reason
            if piece and first is None:
                first = perf_counter() - start
            print(piece, end="", flush=True)
            text = piece
    if reason != "stop":
        raise RuntimeError(reason)
    return {"text": text, "first": first, "seconds": perf_counter() - start, "usage": usage}


# %% 10.1 The clock starts when the stream does | times | before create()
def brief(client, model, task, article, limit):
    messages = [{"role": "developer", "content": task}, {"role": "user", "content": article}]
    start, text, first, reason, usage = None, "", None, None, None
    for chunk in client.chat.completions.create(
        model=model,
        messages=messages,
        max_completion_tokens=limit,
        stream=True,
        stream_options={"include_usage": True},
    ):
        start = start or perf_counter()
        usage = chunk.usage and chunk.usage.to_dict()
        if chunk.choices:
            piece, reason = chunk.choices[0].delta.content or "", chunk.choices[0].finish_reason
            if piece and first is None:
                first = perf_counter() - start
            print(piece, end="", flush=True)
            text += piece
    if reason != "stop":
        raise RuntimeError(reason)
    return {"text": text, "first": first, "seconds": perf_counter() - start, "usage": usage}


# %% 10.1 The first piece is timed at the end | times | at the first piece of text
def brief(client, model, task, article, limit):
    messages = [{"role": "developer", "content": task}, {"role": "user", "content": article}]
    start, text, first, reason, usage = perf_counter(), "", None, None, None
    for chunk in client.chat.completions.create(
        model=model,
        messages=messages,
        max_completion_tokens=limit,
        stream=True,
        stream_options={"include_usage": True},
    ):
        usage = chunk.usage and chunk.usage.to_dict()
        if chunk.choices:
            piece, reason = chunk.choices[0].delta.content or "", chunk.choices[0].finish_reason
            print(piece, end="", flush=True)
            text += piece
    first = perf_counter() - start
    if reason != "stop":
        raise RuntimeError(reason)
    return {"text": text, "first": first, "seconds": perf_counter() - start, "usage": usage}


# %% 10.1 The role's chunk is timed | times | no text yet
def brief(client, model, task, article, limit):
    messages = [{"role": "developer", "content": task}, {"role": "user", "content": article}]
    start, text, first, reason, usage = perf_counter(), "", None, None, None
    for chunk in client.chat.completions.create(
        model=model,
        messages=messages,
        max_completion_tokens=limit,
        stream=True,
        stream_options={"include_usage": True},
    ):
        first = first or perf_counter() - start
        usage = chunk.usage and chunk.usage.to_dict()
        if chunk.choices:
            piece, reason = chunk.choices[0].delta.content or "", chunk.choices[0].finish_reason
            print(piece, end="", flush=True)
            text += piece
    if reason != "stop":
        raise RuntimeError(reason)
    return {"text": text, "first": first, "seconds": perf_counter() - start, "usage": usage}


# %% 10.1 Half a brief is returned | whole | raise a RuntimeError
def brief(client, model, task, article, limit):
    messages = [{"role": "developer", "content": task}, {"role": "user", "content": article}]
    start, text, first, reason, usage = perf_counter(), "", None, None, None
    for chunk in client.chat.completions.create(
        model=model,
        messages=messages,
        max_completion_tokens=limit,
        stream=True,
        stream_options={"include_usage": True},
    ):
        usage = chunk.usage and chunk.usage.to_dict()
        if chunk.choices:
            piece, reason = chunk.choices[0].delta.content or "", chunk.choices[0].finish_reason
            if piece and first is None:
                first = perf_counter() - start
            print(piece, end="", flush=True)
            text += piece
    return {"text": text, "first": first, "seconds": perf_counter() - start, "usage": usage}


# %% 10.1 Only the limit is an error | whole | not the only reason
def brief(client, model, task, article, limit):
    messages = [{"role": "developer", "content": task}, {"role": "user", "content": article}]
    start, text, first, reason, usage = perf_counter(), "", None, None, None
    for chunk in client.chat.completions.create(
        model=model,
        messages=messages,
        max_completion_tokens=limit,
        stream=True,
        stream_options={"include_usage": True},
    ):
        usage = chunk.usage and chunk.usage.to_dict()
        if chunk.choices:
            piece, reason = chunk.choices[0].delta.content or "", chunk.choices[0].finish_reason
            if piece and first is None:
                first = perf_counter() - start
            print(piece, end="", flush=True)
            text += piece
    if reason == "length":
        raise RuntimeError(reason)
    return {"text": text, "first": first, "seconds": perf_counter() - start, "usage": usage}


# %% 10.1 The limit is not sent | whole | The limit cut this brief
def brief(client, model, task, article, limit):
    messages = [{"role": "developer", "content": task}, {"role": "user", "content": article}]
    start, text, first, reason, usage = perf_counter(), "", None, None, None
    for chunk in client.chat.completions.create(
        model=model,
        messages=messages,
        stream=True,
        stream_options={"include_usage": True},
    ):
        usage = chunk.usage and chunk.usage.to_dict()
        if chunk.choices:
            piece, reason = chunk.choices[0].delta.content or "", chunk.choices[0].finish_reason
            if piece and first is None:
                first = perf_counter() - start
            print(piece, end="", flush=True)
            text += piece
    if reason != "stop":
        raise RuntimeError(reason)
    return {"text": text, "first": first, "seconds": perf_counter() - start, "usage": usage}


# %% 10.2 All is done anew each time | again | leave it alone
def batch(client, model, task, folder):
    failed = {}
    for path in sorted(Path(folder).glob("*.txt")):
        article, result = path.read_text(encoding="utf-8"), path.with_suffix(".md")
        if not article.strip():
            failed[path.stem] = "empty"
            continue
        messages = [{"role": "developer", "content": task}, {"role": "user", "content": article}]
        try:
            response = client.chat.completions.create(model=model, messages=messages)
        except openai.APIError as error:
            failed[path.stem] = str(error)
            continue
        result.write_text(response.choices[0].message.content, encoding="utf-8")
    return failed


# %% 10.2 Sent again, but not written again | again | send nothing
def batch(client, model, task, folder):
    failed = {}
    for path in sorted(Path(folder).glob("*.txt")):
        article, result = path.read_text(encoding="utf-8"), path.with_suffix(".md")
        if not article.strip():
            failed[path.stem] = "empty"
            continue
        messages = [{"role": "developer", "content": task}, {"role": "user", "content": article}]
        try:
            response = client.chat.completions.create(model=model, messages=messages)
        except openai.APIError as error:
            failed[path.stem] = str(error)
            continue
        if not result.exists():
            result.write_text(response.choices[0].message.content, encoding="utf-8")
    return failed


# %% 10.2 Every file is an article | again | send nothing
def batch(client, model, task, folder):
    failed = {}
    for path in sorted(Path(folder).iterdir()):
        article, result = path.read_text(encoding="utf-8"), path.with_suffix(".md")
        if path.suffix == ".txt" and result.exists():
            continue
        if not article.strip():
            failed[path.stem] = "empty"
            continue
        messages = [{"role": "developer", "content": task}, {"role": "user", "content": article}]
        try:
            response = client.chat.completions.create(model=model, messages=messages)
        except openai.APIError as error:
            failed[path.stem] = str(error)
            continue
        result.write_text(response.choices[0].message.content, encoding="utf-8")
    return failed


# %% 10.2 The briefs go into one more file as well | each | nothing else
def batch(client, model, task, folder):
    failed = {}
    for path in sorted(Path(folder).glob("*.txt")):
        article, result = path.read_text(encoding="utf-8"), path.with_suffix(".md")
        if result.exists():
            continue
        if not article.strip():
            failed[path.stem] = "empty"
            continue
        messages = [{"role": "developer", "content": task}, {"role": "user", "content": article}]
        try:
            response = client.chat.completions.create(model=model, messages=messages)
        except openai.APIError as error:
            failed[path.stem] = str(error)
            continue
        result.write_text(response.choices[0].message.content, encoding="utf-8")
    Path(folder, "failed.log").write_text(str(failed), encoding="utf-8")
    return failed


# %% 10.2 The task stands as something that was answered | each | as the user's message
def batch(client, model, task, folder):
    failed = {}
    for path in sorted(Path(folder).glob("*.txt")):
        article, result = path.read_text(encoding="utf-8"), path.with_suffix(".md")
        if result.exists():
            continue
        if not article.strip():
            failed[path.stem] = "empty"
            continue
        messages = [
            {"role": "assistant", "content": task},
            {"role": "user", "content": article},
        ]
        try:
            response = client.chat.completions.create(model=model, messages=messages)
        except openai.APIError as error:
            failed[path.stem] = str(error)
            continue
        result.write_text(response.choices[0].message.content, encoding="utf-8")
    return failed


# %% 10.2 Not in the order of the names | each | in the order of their names
def batch(client, model, task, folder):
    failed = {}
    for path in sorted(Path(folder).glob("*.txt"), reverse=True):
        article, result = path.read_text(encoding="utf-8"), path.with_suffix(".md")
        if result.exists():
            continue
        if not article.strip():
            failed[path.stem] = "empty"
            continue
        messages = [{"role": "developer", "content": task}, {"role": "user", "content": article}]
        try:
            response = client.chat.completions.create(model=model, messages=messages)
        except openai.APIError as error:
            failed[path.stem] = str(error)
            continue
        result.write_text(response.choices[0].message.content, encoding="utf-8")
    return failed


# %% 10.2 Only nothing at all counts as empty | empty | Look before you send
def batch(client, model, task, folder):
    failed = {}
    for path in sorted(Path(folder).glob("*.txt")):
        article, result = path.read_text(encoding="utf-8"), path.with_suffix(".md")
        if result.exists():
            continue
        if not article:
            failed[path.stem] = "empty"
            continue
        messages = [{"role": "developer", "content": task}, {"role": "user", "content": article}]
        try:
            response = client.chat.completions.create(model=model, messages=messages)
        except openai.APIError as error:
            failed[path.stem] = str(error)
            continue
        result.write_text(response.choices[0].message.content, encoding="utf-8")
    return failed


# %% 10.2 What is empty is left out silently | empty | Return the names
def batch(client, model, task, folder):
    failed = {}
    for path in sorted(Path(folder).glob("*.txt")):
        article, result = path.read_text(encoding="utf-8"), path.with_suffix(".md")
        if result.exists():
            continue
        if not article.strip():
            continue
        messages = [{"role": "developer", "content": task}, {"role": "user", "content": article}]
        try:
            response = client.chat.completions.create(model=model, messages=messages)
        except openai.APIError as error:
            failed[path.stem] = str(error)
            continue
        result.write_text(response.choices[0].message.content, encoding="utf-8")
    return failed


# %% 10.2 The first error ends it all | goes_on | go on with the next
def batch(client, model, task, folder):
    failed = {}
    for path in sorted(Path(folder).glob("*.txt")):
        article, result = path.read_text(encoding="utf-8"), path.with_suffix(".md")
        if result.exists():
            continue
        if not article.strip():
            failed[path.stem] = "empty"
            continue
        messages = [{"role": "developer", "content": task}, {"role": "user", "content": article}]
        try:
            response = client.chat.completions.create(model=model, messages=messages)
        except openai.APIError as error:
            failed[path.stem] = str(error)
            break
        result.write_text(response.choices[0].message.content, encoding="utf-8")
    return failed


# %% 10.2 The error passes on | goes_on | Note the error
def batch(client, model, task, folder):
    failed = {}
    for path in sorted(Path(folder).glob("*.txt")):
        article, result = path.read_text(encoding="utf-8"), path.with_suffix(".md")
        if result.exists():
            continue
        if not article.strip():
            failed[path.stem] = "empty"
            continue
        messages = [{"role": "developer", "content": task}, {"role": "user", "content": article}]
        response = client.chat.completions.create(model=model, messages=messages)
        result.write_text(response.choices[0].message.content, encoding="utf-8")
    return failed


# %% 10.2 The error becomes the brief | goes_on | write no file
def batch(client, model, task, folder):
    failed = {}
    for path in sorted(Path(folder).glob("*.txt")):
        article, result = path.read_text(encoding="utf-8"), path.with_suffix(".md")
        if result.exists():
            continue
        if not article.strip():
            failed[path.stem] = "empty"
            continue
        messages = [{"role": "developer", "content": task}, {"role": "user", "content": article}]
        try:
            response = client.chat.completions.create(model=model, messages=messages)
        except openai.APIError as error:
            failed[path.stem] = str(error)
            result.write_text(str(error), encoding="utf-8")
            continue
        result.write_text(response.choices[0].message.content, encoding="utf-8")
    return failed


# %% 10.2 The name with its ending | goes_on | Return the names
def batch(client, model, task, folder):
    failed = {}
    for path in sorted(Path(folder).glob("*.txt")):
        article, result = path.read_text(encoding="utf-8"), path.with_suffix(".md")
        if result.exists():
            continue
        if not article.strip():
            failed[path.stem] = "empty"
            continue
        messages = [{"role": "developer", "content": task}, {"role": "user", "content": article}]
        try:
            response = client.chat.completions.create(model=model, messages=messages)
        except openai.APIError as error:
            failed[path.name] = str(error)
            continue
        result.write_text(response.choices[0].message.content, encoding="utf-8")
    return failed


# %% 10.3 The brief as the model wrote it | safe | Escape it, or render() it
def page(rows, failed, runs):
    parts = ["<h1>Briefs</h1>"]
    for row in rows:
        parts.append(f"<h2>{escape(row['article'])}</h2><p>{row['text']}</p>")
        parts.append(f"<small>{escape(row['model'])} · {dollars(row['paid'])}</small>")
    for name, why in failed.items():
        parts.append(f"<p>{escape(name)}: {escape(why)}</p>")
    month = per_month(sum(row["paid"] for row in rows), runs)
    return "".join(parts) + f"<p>A month: {dollars(month)}</p>"


# %% 10.3 Only one kind of tag is taken out | safe | as a tag
def page(rows, failed, runs):
    parts = ["<h1>Briefs</h1>"]
    for row in rows:
        parts.append(
            f"<h2>{escape(row['article'])}</h2><p>{row['text'].replace('<script>', '').replace('</script>', '')}</p>"
        )
        parts.append(f"<small>{escape(row['model'])} · {dollars(row['paid'])}</small>")
    for name, why in failed.items():
        parts.append(f"<p>{escape(name)}: {escape(why)}</p>")
    month = per_month(sum(row["paid"] for row in rows), runs)
    return "".join(parts) + f"<p>A month: {dollars(month)}</p>"


# %% 10.3 The articles' names as they are | names | come from outside as well
def page(rows, failed, runs):
    parts = ["<h1>Briefs</h1>"]
    for row in rows:
        parts.append(f"<h2>{row['article']}</h2><p>{escape(row['text'])}</p>")
        parts.append(f"<small>{escape(row['model'])} · {dollars(row['paid'])}</small>")
    for name, why in failed.items():
        parts.append(f"<p>{escape(name)}: {escape(why)}</p>")
    month = per_month(sum(row["paid"] for row in rows), runs)
    return "".join(parts) + f"<p>A month: {dollars(month)}</p>"


# %% 10.3 The reasons as they are | names | Escape all of them
def page(rows, failed, runs):
    parts = ["<h1>Briefs</h1>"]
    for row in rows:
        parts.append(f"<h2>{escape(row['article'])}</h2><p>{escape(row['text'])}</p>")
        parts.append(f"<small>{escape(row['model'])} · {dollars(row['paid'])}</small>")
    for name, why in failed.items():
        parts.append(f"<p>{escape(name)}: {why}</p>")
    month = per_month(sum(row["paid"] for row in rows), runs)
    return "".join(parts) + f"<p>A month: {dollars(month)}</p>"


# %% 10.3 What failed is left out | failed | hides a failure
def page(rows, failed, runs):
    parts = ["<h1>Briefs</h1>"]
    for row in rows:
        parts.append(f"<h2>{escape(row['article'])}</h2><p>{escape(row['text'])}</p>")
        parts.append(f"<small>{escape(row['model'])} · {dollars(row['paid'])}</small>")
    month = per_month(sum(row["paid"] for row in rows), runs)
    return "".join(parts) + f"<p>A month: {dollars(month)}</p>"


# %% 10.3 Failures without their reasons | failed | hides a failure
def page(rows, failed, runs):
    parts = ["<h1>Briefs</h1>"]
    for row in rows:
        parts.append(f"<h2>{escape(row['article'])}</h2><p>{escape(row['text'])}</p>")
        parts.append(f"<small>{escape(row['model'])} · {dollars(row['paid'])}</small>")
    for name, why in failed.items():
        parts.append(f"<p>{escape(name)}</p>")
    month = per_month(sum(row["paid"] for row in rows), runs)
    return "".join(parts) + f"<p>A month: {dollars(month)}</p>"


# %% 10.3 A month of the last brief only | money | together, times the runs
def page(rows, failed, runs):
    parts = ["<h1>Briefs</h1>"]
    for row in rows:
        parts.append(f"<h2>{escape(row['article'])}</h2><p>{escape(row['text'])}</p>")
        parts.append(f"<small>{escape(row['model'])} · {dollars(row['paid'])}</small>")
    for name, why in failed.items():
        parts.append(f"<p>{escape(name)}: {escape(why)}</p>")
    month = per_month(row["paid"], runs)
    return "".join(parts) + f"<p>A month: {dollars(month)}</p>"


# %% 10.3 Rounded before it is multiplied | money | together, times the runs
def page(rows, failed, runs):
    parts = ["<h1>Briefs</h1>"]
    for row in rows:
        parts.append(f"<h2>{escape(row['article'])}</h2><p>{escape(row['text'])}</p>")
        parts.append(f"<small>{escape(row['model'])} · {dollars(row['paid'])}</small>")
    for name, why in failed.items():
        parts.append(f"<p>{escape(name)}: {escape(why)}</p>")
    month = per_month(round(sum(row["paid"] for row in rows), 2), runs)
    return "".join(parts) + f"<p>A month: {dollars(month)}</p>"


# %% 10.3 The costs as they are, without dollars() | money | with dollars()
def page(rows, failed, runs):
    parts = ["<h1>Briefs</h1>"]
    for row in rows:
        parts.append(f"<h2>{escape(row['article'])}</h2><p>{escape(row['text'])}</p>")
        parts.append(f"<small>{escape(row['model'])} · {row['paid']}</small>")
    for name, why in failed.items():
        parts.append(f"<p>{escape(name)}: {escape(why)}</p>")
    month = per_month(sum(row["paid"] for row in rows), runs)
    return "".join(parts) + f"<p>A month: {dollars(month)}</p>"


# %% 10.3 The model's name is missing | shown | the model's name
def page(rows, failed, runs):
    parts = ["<h1>Briefs</h1>"]
    for row in rows:
        parts.append(f"<h2>{escape(row['article'])}</h2><p>{escape(row['text'])}</p>")
        parts.append(f"<small>{dollars(row['paid'])}</small>")
    for name, why in failed.items():
        parts.append(f"<p>{escape(name)}: {escape(why)}</p>")
    month = per_month(sum(row["paid"] for row in rows), runs)
    return "".join(parts) + f"<p>A month: {dollars(month)}</p>"


# %% 10.3 Only the beginning of a brief | shown | the text of every row
def page(rows, failed, runs):
    parts = ["<h1>Briefs</h1>"]
    for row in rows:
        parts.append(f"<h2>{escape(row['article'])}</h2><p>{escape(row['text'][:20])}</p>")
        parts.append(f"<small>{escape(row['model'])} · {dollars(row['paid'])}</small>")
    for name, why in failed.items():
        parts.append(f"<p>{escape(name)}: {escape(why)}</p>")
    month = per_month(sum(row["paid"] for row in rows), runs)
    return "".join(parts) + f"<p>A month: {dollars(month)}</p>"


# %% 10.4 The instruction stays among the input | messages | all the others
def to_responses(request):
    made = {"model": request["model"], "store": False}
    talk = list(request["messages"])
    if talk[0]["role"] in ("system", "developer"):
        made["instructions"] = talk[0]["content"]
    made["input"] = talk
    if "max_completion_tokens" in request:
        made["max_output_tokens"] = request["max_completion_tokens"]
    if "reasoning_effort" in request:
        made["reasoning"] = {"effort": request["reasoning_effort"]}
    if "stream" in request:
        made["stream"] = request["stream"]
    return made


# %% 10.4 The whole message as the instructions | messages | the first message's text
def to_responses(request):
    made = {"model": request["model"], "store": False}
    talk = list(request["messages"])
    if talk[0]["role"] in ("system", "developer"):
        made["instructions"] = talk.pop(0)
    made["input"] = talk
    if "max_completion_tokens" in request:
        made["max_output_tokens"] = request["max_completion_tokens"]
    if "reasoning_effort" in request:
        made["reasoning"] = {"effort": request["reasoning_effort"]}
    if "stream" in request:
        made["stream"] = request["stream"]
    return made


# %% 10.4 Only the last question goes along | messages | all the others
def to_responses(request):
    made = {"model": request["model"], "store": False}
    talk = list(request["messages"])
    if talk[0]["role"] in ("system", "developer"):
        made["instructions"] = talk.pop(0)["content"]
    made["input"] = talk[-1:]
    if "max_completion_tokens" in request:
        made["max_output_tokens"] = request["max_completion_tokens"]
    if "reasoning_effort" in request:
        made["reasoning"] = {"effort": request["reasoning_effort"]}
    if "stream" in request:
        made["stream"] = request["stream"]
    return made


# %% 10.4 The limit keeps its old name | names | what is it called there
def to_responses(request):
    made = {"model": request["model"], "store": False}
    talk = list(request["messages"])
    if talk[0]["role"] in ("system", "developer"):
        made["instructions"] = talk.pop(0)["content"]
    made["input"] = talk
    if "max_completion_tokens" in request:
        made["max_completion_tokens"] = request["max_completion_tokens"]
    if "reasoning_effort" in request:
        made["reasoning"] = {"effort": request["reasoning_effort"]}
    if "stream" in request:
        made["stream"] = request["stream"]
    return made


# %% 10.4 The effort keeps its old form | names | key by key
def to_responses(request):
    made = {"model": request["model"], "store": False}
    talk = list(request["messages"])
    if talk[0]["role"] in ("system", "developer"):
        made["instructions"] = talk.pop(0)["content"]
    made["input"] = talk
    if "max_completion_tokens" in request:
        made["max_output_tokens"] = request["max_completion_tokens"]
    if "reasoning_effort" in request:
        made["reasoning_effort"] = request["reasoning_effort"]
    if "stream" in request:
        made["stream"] = request["stream"]
    return made


# %% 10.4 The stream's options go along | names | is it there at all
def to_responses(request):
    made = {"model": request["model"], "store": False}
    talk = list(request["messages"])
    if talk[0]["role"] in ("system", "developer"):
        made["instructions"] = talk.pop(0)["content"]
    made["input"] = talk
    if "max_completion_tokens" in request:
        made["max_output_tokens"] = request["max_completion_tokens"]
    if "reasoning_effort" in request:
        made["reasoning"] = {"effort": request["reasoning_effort"]}
    if "stream" in request:
        made["stream"] = request["stream"]
        made["stream_options"] = request.get("stream_options")
    return made


# %% 10.4 The stream is forgotten | names | key by key
def to_responses(request):
    made = {"model": request["model"], "store": False}
    talk = list(request["messages"])
    if talk[0]["role"] in ("system", "developer"):
        made["instructions"] = talk.pop(0)["content"]
    made["input"] = talk
    if "max_completion_tokens" in request:
        made["max_output_tokens"] = request["max_completion_tokens"]
    if "reasoning_effort" in request:
        made["reasoning"] = {"effort": request["reasoning_effort"]}
    return made


# %% 10.4 A stream that is False is dropped | names | key by key
def to_responses(request):
    made = {"model": request["model"], "store": False}
    talk = list(request["messages"])
    if talk[0]["role"] in ("system", "developer"):
        made["instructions"] = talk.pop(0)["content"]
    made["input"] = talk
    if "max_completion_tokens" in request:
        made["max_output_tokens"] = request["max_completion_tokens"]
    if "reasoning_effort" in request:
        made["reasoning"] = {"effort": request["reasoning_effort"]}
    if request.get("stream"):
        made["stream"] = True
    return made


# %% 10.4 What is missing becomes None | absent | Add only what the request has
def to_responses(request):
    made = {"model": request["model"], "store": False}
    talk = list(request["messages"])
    if talk[0]["role"] in ("system", "developer"):
        made["instructions"] = talk.pop(0)["content"]
    made["input"] = talk
    made["max_output_tokens"] = request.get("max_completion_tokens")
    if "reasoning_effort" in request:
        made["reasoning"] = {"effort": request["reasoning_effort"]}
    if "stream" in request:
        made["stream"] = request["stream"]
    return made


# %% 10.4 Without a stream it says false | absent | Add only what the request has
def to_responses(request):
    made = {"model": request["model"], "store": False}
    talk = list(request["messages"])
    if talk[0]["role"] in ("system", "developer"):
        made["instructions"] = talk.pop(0)["content"]
    made["input"] = talk
    if "max_completion_tokens" in request:
        made["max_output_tokens"] = request["max_completion_tokens"]
    if "reasoning_effort" in request:
        made["reasoning"] = {"effort": request["reasoning_effort"]}
    made["stream"] = request.get("stream", False)
    return made


# %% 10.4 Nothing is said about storing | store | unless it is told not to
def to_responses(request):
    made = {"model": request["model"]}
    talk = list(request["messages"])
    if talk[0]["role"] in ("system", "developer"):
        made["instructions"] = talk.pop(0)["content"]
    made["input"] = talk
    if "max_completion_tokens" in request:
        made["max_output_tokens"] = request["max_completion_tokens"]
    if "reasoning_effort" in request:
        made["reasoning"] = {"effort": request["reasoning_effort"]}
    if "stream" in request:
        made["stream"] = request["stream"]
    return made


# %% 10.4 Stored when nothing else is asked | store | stores each response
def to_responses(request):
    made = {"model": request["model"], "store": "stream" not in request}
    talk = list(request["messages"])
    if talk[0]["role"] in ("system", "developer"):
        made["instructions"] = talk.pop(0)["content"]
    made["input"] = talk
    if "max_completion_tokens" in request:
        made["max_output_tokens"] = request["max_completion_tokens"]
    if "reasoning_effort" in request:
        made["reasoning"] = {"effort": request["reasoning_effort"]}
    if "stream" in request:
        made["stream"] = request["stream"]
    return made


# %% 10.4 The request's own list is emptied | untouched | may still need the request
def to_responses(request):
    made = {"model": request["model"], "store": False}
    talk = request["messages"]
    if talk[0]["role"] in ("system", "developer"):
        made["instructions"] = talk.pop(0)["content"]
    made["input"] = talk
    if "max_completion_tokens" in request:
        made["max_output_tokens"] = request["max_completion_tokens"]
    if "reasoning_effort" in request:
        made["reasoning"] = {"effort": request["reasoning_effort"]}
    if "stream" in request:
        made["stream"] = request["stream"]
    return made


# %% 10.4 The request itself is changed | untouched | Make a new dict
def to_responses(request):
    if request["messages"][0]["role"] in ("system", "developer"):
        request["instructions"] = request["messages"].pop(0)["content"]
    request["input"] = request.pop("messages")
    if "max_completion_tokens" in request:
        request["max_output_tokens"] = request.pop("max_completion_tokens")
    if "reasoning_effort" in request:
        request["reasoning"] = {"effort": request.pop("reasoning_effort")}
    request.pop("stream_options", None)
    request["store"] = False
    return request
