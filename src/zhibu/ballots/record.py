"""The public record of a ballot: artefacts chained by hash, which anyone can check without the system.

manifest → box → one layer a scrutineer → (paper) → result; or, at any place, void. Each names the hash of the one
before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from zhibu.ballots.canonical import bytes_of, canonical, digest, parsed
from zhibu.ballots.counting import NO_PAPER, PaperCount, Results, count, paper_count_of
from zhibu.ballots.manifest import FORMAT, Manifest, Pool, is_enough, manifest_of
from zhibu.ballots.mixing import Lists, is_list, layer_message
from zhibu.ballots.sealing import info, length, seal_with
from zhibu.ballots.signing import is_signed
from zhibu.errors import Sentence, UserError

KINDS = ("manifest", "box", "layer", "paper", "result", "void")


@dataclass(frozen=True, slots=True)
class Artefact:
    """One published step. `body`: JSON."""

    kind: str
    after: str
    body: Mapping[str, Any]

    def text(self) -> str:
        return canonical({"after": self.after, "body": self.body, "kind": self.kind}).decode()

    @property
    def hash(self) -> str:
        return digest(self.text().encode())


def artefact_of(data: Any) -> Artefact:
    """UserError `bad-record` when it is none."""
    if isinstance(data, str):
        data = parsed(data)
    if not isinstance(data, dict) or set(data) != {"after", "body", "kind"} or data["kind"] not in KINDS:
        raise UserError("bad-record", "这不是本系统的票决记录。")
    if not isinstance(data["after"], str) or not isinstance(data["body"], dict):
        raise UserError("bad-record", "这不是本系统的票决记录。")
    return Artefact(data["kind"], data["after"], data["body"])


def record_text(texts: Sequence[str]) -> str:
    """The file that is handed out: the artefacts as they were hashed."""
    return f'{{"artefacts":[{",".join(texts)}],"format":"{FORMAT}"}}'


def read_record(data: bytes | str) -> list[Artefact]:
    found = parsed(data)
    if not isinstance(found, dict) or found.get("format") != FORMAT or not isinstance(found.get("artefacts"), list):
        raise UserError("bad-record", "这不是本系统的票决记录。")
    return [artefact_of(one) for one in found["artefacts"]]


# --- bodies -----------------------------------------------------------------------------------------------------------


def box_body(found: Sequence[Pool], lists: Lists, present: int) -> dict[str, Any]:
    rows = [
        {"cast": one.cast, "categories": list(one.categories), "list": list(entries), "paper": one.paper}
        for one, entries in zip(found, lists, strict=True)
    ]
    return {"pools": rows, "present": present}


def pools_of(body: Mapping[str, Any]) -> tuple[Pool, ...]:
    return tuple(Pool(tuple(row["categories"]), row["cast"], row["paper"]) for row in body["pools"])


def box_lists(body: Mapping[str, Any]) -> Lists:
    return tuple(tuple(row["list"]) for row in body["pools"])


def layer_body(layer: int, lists: Sequence[Sequence[str]], signature: str) -> dict[str, Any]:
    return {"layer": layer, "lists": [list(one) for one in lists], "signature": signature}


def result_body(results: Results) -> dict[str, Any]:
    """The result as plain JSON; fractions as text (2/3)."""
    rows = []
    for one in results.questions:
        rows.append(
            {
                "slug": one.question.slug,
                "votes": dict(one.total.votes),
                "abstained": one.total.abstained,
                "invalid": one.total.invalid,
                "pools": [{"votes": dict(t.votes), "abstained": t.abstained, "invalid": t.invalid} for t in one.pools],
                "weighted": {slug: _text(share) for slug, share in one.weighted.items()} if one.weighted else None,
                "passed": one.passed,
            }
        )
    election = results.election
    return {
        "entitled": results.entitled,
        "present": results.present,
        "collected": results.collected,
        "invalid": results.invalid,
        "quorum": results.quorum,
        "needed": results.needed,
        "pools": [{"categories": list(one.categories), "collected": one.collected} for one in results.pools],
        "questions": rows,
        "election": None
        if election is None
        else {"elected": list(election.elected), "tied": list(election.tied), "open": election.open},
    }


def _text(share: Fraction) -> str:
    return f"{share.numerator}/{share.denominator}"


# --- checking ---------------------------------------------------------------------------------------------------------


@dataclass
class Checked:
    """What checking found: `faults` (empty: everything agrees), `notes` (true, and worth saying), and the recount."""

    faults: list[Sentence] = field(default_factory=list)
    notes: list[Sentence] = field(default_factory=list)
    manifest: Manifest | None = None
    results: Results | None = None
    void: str = ""


def check_layer(
    manifest: Manifest, layer: int, lists: object, signature: object, after: str, before: Lists
) -> Sentence | None:
    """What is wrong with the lists a scrutineer posted; None when they may follow `before`."""
    number = len(manifest.scrutineers)
    name = manifest.scrutineers[layer - 1].name
    if not isinstance(lists, list | tuple) or len(lists) != len(before):
        return Sentence("layer-lists", "{name}（第{layer}层）的名单份数不对。", name=name, layer=layer)
    size = length(number - layer)
    for entries, earlier in zip(lists, before, strict=True):
        if not is_list(entries, size, len(earlier)):
            return Sentence(
                "layer-shape",
                "{name}（第{layer}层）的名单不合规范：多出、重复、长度或顺序不对。",
                name=name,
                layer=layer,
            )
    key = bytes_of(manifest.scrutineers[layer - 1].signing) or b""
    message = layer_message(manifest.name, after, layer, lists)
    if not is_signed(key, message, bytes_of(signature)):
        return Sentence("layer-signature", "{name}（第{layer}层）的签名不符。", name=name, layer=layer)
    return None


def check(record: Sequence[Artefact]) -> Checked:
    """Hashes, order, signatures, pools and the recount. Never raises: what cannot be read is a fault."""
    found = Checked()
    try:
        for fault in _walk(list(record), found):
            found.faults.append(fault)
    except (UserError, KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        why = str(error)[:80]
        found.faults.append(Sentence("record-unreadable", "记录读到一处不合规范的内容：{why}。", why=why))
    return found


def _walk(record: list[Artefact], found: Checked) -> Iterator[Sentence]:
    for number, (one, before) in enumerate(zip(record, [None, *record], strict=False), start=1):
        if one.after != (before.hash if before else ""):
            yield Sentence("record-chain", "第{number}份公开材料与前一份接不上，被换过或缺了一份。", number=number)
            return
    if not record or record[0].kind != "manifest":
        yield Sentence("record-manifest", "记录里没有票决说明书。")
        return
    manifest = found.manifest = manifest_of(record[0].body)
    if record[-1].kind == "void":
        found.void = str(record[-1].body.get("reason", ""))
        record = record[:-1]
    expected = ["manifest", "box", *(["layer"] * len(manifest.scrutineers)), "paper", "result"]
    kinds = [one.kind for one in record]
    wanted = expected if "paper" in kinds else [kind for kind in expected if kind != "paper"]
    if kinds != wanted[: len(kinds)]:
        yield Sentence("record-order", "公开材料的顺序不对。")
        return
    if len(kinds) < len(wanted) and not found.void:
        found.notes.append(Sentence("record-unfinished", "这份记录还没有到公布结果的一步。"))
    if len(record) > 1:
        yield from _counted(manifest, record, found)


def _counted(manifest: Manifest, record: list[Artefact], found: Checked) -> Iterator[Sentence]:
    box = record[1].body
    inside, lists = pools_of(box), box_lists(box)
    yield from _box(manifest, inside, lists, box["present"])
    layers = [one for one in record if one.kind == "layer"]
    for number, one in enumerate(layers, start=1):
        fault = check_layer(manifest, number, one.body["lists"], one.body["signature"], one.after, lists)
        if fault is not None or one.body["layer"] != number:
            yield fault or Sentence("record-order", "公开材料的顺序不对。")
            return
        after = tuple(tuple(entries) for entries in one.body["lists"])
        dropped = sum(map(len, lists)) - sum(map(len, after))
        if dropped:
            name = manifest.scrutineers[number - 1].name
            words = "{name}（第{layer}层）去掉了{dropped}张打不开或重复的票，按无效计。"
            found.notes.append(Sentence("layer-dropped", words, name=name, layer=number, dropped=dropped))
        lists = after
    paper = next((one.body for one in record if one.kind == "paper"), None)
    by_hand = paper_of_body(paper, manifest, inside)
    if record[-1].kind == "result":
        found.results = count(manifest, inside, lists, by_hand, box["present"])
        if canonical(result_body(found.results)) != canonical(record[-1].body):
            yield Sentence("record-result", "重新计票的结果与公布的结果不同。")


def paper_of_body(body: Mapping[str, Any] | None, manifest: Manifest, inside: Sequence[Pool]) -> list[PaperCount]:
    if body is None:
        return [NO_PAPER for _ in inside]
    rows = body["pools"]
    if len(rows) != len(inside):
        raise ValueError("pools")
    return [paper_count_of(row, manifest, pool.paper) for row, pool in zip(rows, inside, strict=True)]


def _box(manifest: Manifest, inside: Sequence[Pool], lists: Lists, present: int) -> Iterator[Sentence]:
    entries = [entry for one in lists for entry in one]
    size = length(len(manifest.scrutineers))
    shaped = all(is_list(one, size, pool.cast) for one, pool in zip(lists, inside, strict=True))
    if not shaped or len(set(entries)) != len(entries):
        yield Sentence("box-shape", "票箱不合规范：有重复、长度或顺序不对的票。")
    if sorted(slug for one in inside for slug in one.categories) != sorted(manifest.entitled):
        yield Sentence("box-categories", "票箱里的投票人类别与说明书不同。")
        return
    filled = [one for one in inside if one.cast or one.paper]
    if len(filled) > 1 and not all(map(is_enough, filled)):
        yield Sentence("box-small", "票箱里有一类不足5票却单独计票。")
    for one in inside:
        entitled = sum(manifest.entitled[slug] for slug in one.categories)
        if one.cast + one.paper > entitled:
            yield Sentence("box-too-many", "票箱里的票多于有权投票的人数。")
    handed = sum(one.cast + one.paper for one in inside)
    if not handed <= present <= sum(manifest.entitled.values()):
        yield Sentence("box-present", "实到人数少于投票人数，或多于名册人数。")


# --- a voter's proof --------------------------------------------------------------------------------------------------


def accused(record: Sequence[Artefact], proof: Mapping[str, Any]) -> Sentence:
    """Who is to answer for a ballot that vanished between two lists, or that it did not vanish.

    `proof`, made by a voter's device: {"ballot", "layer", "outer", "inner", "ephemeral"}. Sealing `inner` with the
    ephemeral key gives `outer`: so `outer` in the list before and `inner` missing in the list after is the doing of
    that layer's scrutineer. A receipt, {"ballot", "sealed", "turn", "signature"}, shows that the server took an
    envelope which is not in the box. UserError when the proof proves nothing.
    """
    if check_faults := [fault for fault in check(record).faults if fault.code != "record-result"]:
        raise UserError("proof-record", "记录本身没有通过核对：{why}", why=check_faults[0])
    manifest = manifest_of(record[0].body)
    if "sealed" in proof:
        return _not_boxed(manifest, record, proof)
    layer = proof.get("layer")
    if type(layer) is not int or not 1 <= layer <= len(manifest.scrutineers):
        raise _nothing_proved()
    outer, inner, secret = (bytes_of(proof.get(name)) for name in ("outer", "inner", "ephemeral"))
    name = manifest.name
    if not outer or not inner or not secret or len(secret) != 32 or proof.get("ballot") != name:
        raise _nothing_proved()
    try:
        ephemeral = ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1())
        made = seal_with(ephemeral, inner, manifest.keys[layer - 1], info(name, layer))
    except ValueError:
        raise _nothing_proved() from None
    layers = [one for one in record if one.kind == "layer"]
    if made != outer or len(layers) < layer:
        raise _nothing_proved()
    before = record[1].body["pools"] if layer == 1 else layers[layer - 2].body["lists"]
    lists = [row["list"] for row in before] if layer == 1 else before
    if not any(proof["outer"] in entries for entries in lists):
        raise _nothing_proved()
    if any(proof["inner"] in entries for entries in layers[layer - 1].body["lists"]):
        return Sentence("proof-not-lost", "这张票在第{layer}层以后仍在名单中，没有丢失。", layer=layer)
    who = manifest.scrutineers[layer - 1].name
    return Sentence("proof-accused", "这张票在{name}（第{layer}层）手里被换掉或去掉。", name=who, layer=layer)


def receipt_message(ballot: str, sealed: str, turn: int) -> bytes:
    """What the server signs: that it took the envelope whose text has the hash `sealed` as the voter's n-th."""
    return canonical({"ballot": ballot, "sealed": sealed, "turn": turn})


def _not_boxed(manifest: Manifest, record: Sequence[Artefact], receipt: Mapping[str, Any]) -> Sentence:
    sealed, turn, signature = (receipt.get(name) for name in ("sealed", "turn", "signature"))
    ours = receipt.get("ballot") == manifest.name and len(record) > 1
    if not isinstance(sealed, str) or type(turn) is not int or not ours:
        raise _nothing_proved()
    message = receipt_message(manifest.name, sealed, turn)
    if not is_signed(bytes_of(manifest.receipts) or b"", message, bytes_of(signature)):
        raise _nothing_proved()
    if any(digest(entry.encode()) == sealed for one in box_lists(record[1].body) for entry in one):
        return Sentence("proof-boxed", "这封票在票箱里。")
    words = "服务器收下了这封票（本人第{turn}次投），票箱里却没有；本人没有再投过的，是服务器弄丢或换掉的。"
    return Sentence("proof-not-boxed", words, turn=turn)


def _nothing_proved() -> UserError:
    return UserError("proof-empty", "这份证明说明不了什么：它与记录对不上。")
