"""Every byte of a signature container accounted for.

A signature covers the file except its own container (the hexadecimal /Contents), and inside the container only the
signed attributes. The rest (versions, algorithm names, certificates, the token of a time-stamp service, the padding)
could change unnoticed in the last signature of a file. So the container is built again from its signed parts and must
come out byte by byte as it stands in the file; certificates are kept as they are, but each must be vouched for by a
signature. Then no byte is left that is neither signed nor prescribed.
"""

from __future__ import annotations

from collections.abc import Iterable

from asn1crypto import algos, cms, core, parser, x509
from cryptography import exceptions
from cryptography import x509 as crypto_x509

_HASHES = ("sha256", "sha384", "sha512")


class Unaccounted(Exception):
    """Something in the container is neither signed nor prescribed."""


def container(pdf: bytes, byte_range: Iterable[int]) -> bytes:
    """The DER bytes in the gap of `byte_range`. Unaccounted unless the gap is exactly <upper-case hex, then zeros>."""
    start, before, after, _rest = byte_range
    gap = pdf[start + before : after]
    try:
        raw = bytes.fromhex(gap[1:-1].decode("ascii"))
        length = _length_of_value(raw)
    except ValueError as problem:
        raise Unaccounted("the container is not hexadecimal DER") from problem
    if gap != b"<" + raw[:length].hex().upper().encode() + b"00" * (len(raw) - length) + b">":
        raise Unaccounted("the container is padded or spelled otherwise than prescribed")
    return raw[:length]


def check_container(der: bytes, roots: Iterable[x509.Certificate]) -> None:
    """Raises Unaccounted unless every byte of the container is signed or prescribed."""
    try:
        same = rebuilt(cms.ContentInfo.load(der, strict=True), tuple(roots)).dump() == der
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise Unaccounted("the container cannot be read") from problem
    if not same:
        raise Unaccounted("the container is built otherwise than prescribed")


def rebuilt(content: cms.ContentInfo, roots: tuple[x509.Certificate, ...] | None = None) -> cms.ContentInfo:
    """The container with its signed parts as they are and everything else as prescribed. `roots` None: not judged
    yet.
    """
    signed = content["content"]
    if len(signed["signer_infos"]) != 1 or not isinstance(signed["certificates"], cms.CertificateSet):
        raise Unaccounted("not exactly one signer with a certificate")
    enclosed = signed["encap_content_info"]
    stamp = enclosed["content_type"].native == "tst_info"
    info, certificates = signed["signer_infos"][0], [choice.chosen for choice in signed["certificates"]]
    signer = _signer_among(certificates, info)
    digest = info["digest_algorithm"]["algorithm"].native
    if digest not in _HASHES:
        raise Unaccounted("an unexpected hash")
    _check_certificates(signer, certificates, roots)
    return cms.ContentInfo(
        {
            "content_type": "signed_data",
            "content": cms.SignedData(
                {
                    "version": "v3" if stamp else "v1",
                    "digest_algorithms": [{"algorithm": digest}],
                    "encap_content_info": {"content_type": "tst_info", "content": enclosed["content"].untag()}
                    if stamp
                    else {"content_type": "data"},
                    "certificates": [cms.CertificateChoices("certificate", _same(one)) for one in certificates],
                    "signer_infos": [_signer_info(info, signer, digest, roots)],
                }
            ),
        }
    )


def only_needed(token: cms.ContentInfo) -> cms.ContentInfo:
    """A time-stamp token as prescribed: without certificates that are roots or do not lead to one."""
    certificates = [choice.chosen for choice in token["content"]["certificates"]]
    signer = _signer_among(certificates, token["content"]["signer_infos"][0])
    needed = _chain(signer, certificates)
    token["content"]["certificates"] = [cms.CertificateChoices("certificate", _same(one)) for one in needed]
    return rebuilt(token)


def _signer_info(info: cms.SignerInfo, signer: x509.Certificate, digest: str, roots) -> cms.SignerInfo:
    facts = {
        "version": "v1",
        "sid": {"issuer_and_serial_number": {"issuer": signer.issuer, "serial_number": signer.serial_number}},
        "digest_algorithm": {"algorithm": digest},
        "signed_attrs": cms.CMSAttributes.load(info["signed_attrs"].untag().dump()),
        "signature_algorithm": _mechanism(info, signer, digest),
        "signature": info["signature"].native,
    }
    stamps = _stamps(info)
    if stamps:
        facts["unsigned_attrs"] = [{"type": "signature_time_stamp_token", "values": [rebuilt(stamps[0], roots)]}]
    return cms.SignerInfo(facts)


def _stamps(info: cms.SignerInfo) -> list[cms.ContentInfo]:
    """The time stamp of the signature, if any; nothing else may stand among the unsigned attributes."""
    attributes = info["unsigned_attrs"]
    if isinstance(attributes, core.Void):
        return []
    if [one["type"].native for one in attributes] != ["signature_time_stamp_token"] or len(
        attributes[0]["values"]
    ) != 1:
        raise Unaccounted("unexpected unsigned attributes")
    return list(attributes[0]["values"])


def _mechanism(info: cms.SignerInfo, signer: x509.Certificate, digest: str) -> algos.SignedDigestAlgorithm:
    kind = signer.public_key.algorithm
    if info["signature_algorithm"]["algorithm"].native == "rsassa_pss":
        return algos.SignedDigestAlgorithm.load(info["signature_algorithm"].dump())
    return algos.SignedDigestAlgorithm({"algorithm": f"{digest}_{'ecdsa' if kind == 'ec' else 'rsa'}"})


def _signer_among(certificates: list[x509.Certificate], info: cms.SignerInfo) -> x509.Certificate:
    sid = info["sid"]
    for one in certificates:
        if sid.name == "issuer_and_serial_number":
            matches = sid.chosen["issuer"] == one.issuer and sid.chosen["serial_number"].native == one.serial_number
        else:
            matches = sid.chosen.native == one.key_identifier
        if matches:
            return one
    raise Unaccounted("the signer's certificate is missing")


def _check_certificates(
    signer: x509.Certificate, certificates: list[x509.Certificate], roots: Iterable[x509.Certificate] | None
) -> None:
    needed = _chain(signer, certificates)
    if sorted(one.dump() for one in needed) != sorted(one.dump() for one in certificates):
        raise Unaccounted("more certificates than needed")
    if any(not _is_canonical(one) for one in certificates):
        raise Unaccounted("a certificate is spelled otherwise than signed")
    tops = [root for root in roots or () if _is_root(root)]
    if roots is not None and needed[-1] not in tops and not any(_issued(needed[-1], top) for top in tops):
        raise Unaccounted("the certificates do not lead to a trusted root")


def _chain(signer: x509.Certificate, certificates: Iterable[x509.Certificate]) -> list[x509.Certificate]:
    """The signer's certificate, its issuer's, and so on, as far as they are at hand; the root itself left out."""
    chain = [signer]
    while True:
        above = [one for one in certificates if not _is_root(one) and one not in chain and _issued(chain[-1], one)]
        if not above:
            return chain
        chain.append(above[0])


def _is_root(one: x509.Certificate) -> bool:
    return one.subject == one.issuer


def _is_canonical(one: x509.Certificate) -> bool:
    """Nothing in the certificate but its signed part, the algorithm named in it, and the signature."""
    wrapped = x509.Certificate(
        {
            "tbs_certificate": x509.TbsCertificate.load(one["tbs_certificate"].dump()),
            "signature_algorithm": x509.SignedDigestAlgorithm.load(one["tbs_certificate"]["signature"].dump()),
            "signature_value": one["signature_value"].native,
        }
    )
    return wrapped.dump() == one.dump()


def _same(one: x509.Certificate) -> x509.Certificate:
    return x509.Certificate.load(one.dump())


def _issued(one: x509.Certificate, by: x509.Certificate) -> bool:
    try:
        issuer = crypto_x509.load_der_x509_certificate(by.dump())
        crypto_x509.load_der_x509_certificate(one.dump()).verify_directly_issued_by(issuer)
    except (
        ValueError,
        TypeError,
        crypto_x509.InvalidVersion,
        exceptions.InvalidSignature,
        exceptions.UnsupportedAlgorithm,
    ):
        return False
    return True


def _length_of_value(raw: bytes) -> int:
    """How many bytes the first DER value takes. ValueError when there is none."""
    return parser.peek(raw)
