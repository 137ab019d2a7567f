"""Blind signatures against the vector of RFC 9474, A.3 (deterministic, PSS with a salt of 48 bytes), and a library."""

import secrets

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from zhibu.ballots import blind

N = int(
    "aec4d69addc70b990ea66a5e70603b6fee27aafebd08f2d94cbe1250c556e047a928d635"
    "c3f45ee9b66d1bc628a03bac9b7c3f416fe20dabea8f3d7b4bbf7f963be335d2328d67e6"
    "c13ee4a8f955e05a3283720d3e1f139c38e43e0338ad058a9495c53377fc35be64d208f8"
    "9b4aa721bf7f7d3fef837be2a80e0f8adf0bcd1eec5bb040443a2b2792fdca522a7472ae"
    "d74f31a1ebe1eebc1f408660a0543dfe2a850f106a617ec6685573702eaaa21a5640a5dc"
    "af9b74e397fa3af18a2f1b7c03ba91a6336158de420d63188ee143866ee415735d155b7c"
    "2d854d795b7bc236cffd71542df34234221a0413e142d8c61355cc44d45bda9420497455"
    "7ac2704cd8b593f035a5724b1adf442e78c542cd4414fce6f1298182fb6d8e53cef1adfd"
    "2e90e1e4deec52999bdc6c29144e8d52a125232c8c6d75c706ea3cc06841c7bda33568c6"
    "3a6c03817f722b50fcf898237d788a4400869e44d90a3020923dc646388abcc914315215"
    "fcd1bae11b1c751fd52443aac8f601087d8d42737c18a3fa11ecd4131ecae017ae0a14ac"
    "fc4ef85b83c19fed33cfd1cd629da2c4c09e222b398e18d822f77bb378dea3cb360b605e"
    "5aa58b20edc29d000a66bd177c682a17e7eb12a63ef7c2e4183e0d898f3d6bf567ba8ae8"
    "4f84f1d23bf8b8e261c3729e2fa6d07b832e07cddd1d14f55325c6f924267957121902dc"
    "19b3b32948bdead5",
    16,
)
D = int(
    "0d43242aefe1fb2c13fbc66e20b678c4336d20b1808c558b6e62ad16a287077180b177e1"
    "f01b12f9c6cd6c52630257ccef26a45135a990928773f3bd2fc01a313f1dac97a51cec71"
    "cb1fd7efc7adffdeb05f1fb04812c924ed7f4a8269925dad88bd7dcfbc4ef01020ebfc60"
    "cb3e04c54f981fdbd273e69a8a58b8ceb7c2d83fbcbd6f784d052201b88a9848186f2a45"
    "c0d2826870733e6fd9aa46983e0a6e82e35ca20a439c5ee7b502a9062e1066493bdadf8b"
    "49eb30d9558ed85abc7afb29b3c9bc644199654a4676681af4babcea4e6f71fe4565c9c1"
    "b85d9985b84ec1abf1a820a9bbebee0df1398aae2c85ab580a9f13e7743afd3108eb3210"
    "0b870648fa6bc17e8abac4d3c99246b1f0ea9f7f93a5dd5458c56d9f3f81ff2216b3c368"
    "0a13591673c43194d8e6fc93fc1e37ce2986bd628ac48088bc723d8fbe293861ca7a9f4a"
    "73e9fa63b1b6d0074f5dea2a624c5249ff3ad811b6255b299d6bc5451ba7477f19c5a0db"
    "690c3e6476398b1483d10314afd38bbaf6e2fbdbcd62c3ca9797a420ca6034ec0a83360a"
    "3ee2adf4b9d4ba29731d131b099a38d6a23cc463db754603211260e99d19affc902c915d"
    "7854554aabf608e3ac52c19b8aa26ae042249b17b2d29669b5c859103ee53ef9bdc73ba3"
    "c6b537d5c34b6d8f034671d7f3a8a6966cc4543df223565343154140fd7391c7e7be03e2"
    "41f4ecfeb877a051",
    16,
)
MESSAGE = bytes.fromhex(
    "8f3dc6fb8c4a02f4d6352edf0907822c1210a9b32f9bdda4c45a698c80023aa6b59f8cfec5fdbb36331372ebefedae7d"
)
SALT = bytes.fromhex("051722b35f458781397c3a671a7d3bd3096503940e4c4f1aaa269d60300ce449555cd7340100df9d46944c5356825abf")
INVERSE = int(
    "80682c48982407b489d53d1261b19ec8627d02b8cda5336750b8cee332ae260de57b02d7"
    "2609c1e0e9f28e2040fc65b6f02d56dbd6aa9af8fde656f70495dfb723ba01173d4707a1"
    "2fddac628ca29f3e32340bd8f7ddb557cf819f6b01e445ad96f874ba235584ee71f6581f"
    "62d4f43bf03f910f6510deb85e8ef06c7f09d9794a008be7ff2529f0ebb69decef646387"
    "dc767b74939265fec0223aa6d84d2a8a1cc912d5ca25b4e144ab8f6ba054b54910176d57"
    "37a2cff011da431bd5f2a0d2d66b9e70b39f4b050e45c0d9c16f02deda9ddf2d00f3e4b0"
    "1037d7029cd49c2d46a8e1fc2c0c17520af1f4b5e25ba396afc4cd60c494a4c426448b35"
    "b49635b337cfb08e7c22a39b256dd032c00adddafb51a627f99a0e1704170ac1f1912e49"
    "d9db10ec04c19c58f420212973e0cb329524223a6aa56c7937c5dffdb5d966b6cd4cbc26"
    "f3201dd25c80960a1a111b32947bb78973d269fac7f5186530930ed19f68507540eed9e1"
    "bab8b00f00d8ca09b3f099aae46180e04e3584bd7ca054df18a1504b89d1d1675d0966c4"
    "ae1407be325cdf623cf13ff13e4a28b594d59e3eadbadf6136eee7a59d6a444c9eb4e219"
    "8e8a974f27a39eb63af2c9af3870488b8adaad444674f512133ad80b9220e09158521614"
    "f1faadfe8505ef57b7df6813048603f0dd04f4280177a11380fbfc861dbcbd7418d62155"
    "248dad5fdec0991f",
    16,
)
BLINDED = "10c166c6a711e81c46f45b18e5873cc4f494f003180dd7f115585d871a28930259654fe28a54dab319cc5011204c8373"
BLIND_SIGNATURE = "364f6a40dbfbc3bbb257943337eeff791a0f290898a6791283bba581d9eac90a6376a837241f5f73a78a5c6746e1306b"
SIGNATURE = "6fef8bf9bc182cd8cf7ce45c7dcf0e6f3e518ae48f06f3c670c649ac737a8b8119a34d51641785be151a697ed7825fdf"
"""The first 48 bytes of each: where 384 bits are equal, so is the rest."""


@pytest.fixture(scope="module")
def key():
    return blind.key_of(blind.new_key())


def rfc_key():
    p, q = sorted(rsa.rsa_recover_prime_factors(N, blind.EXPONENT, D))
    public = rsa.RSAPublicNumbers(blind.EXPONENT, N)
    numbers = rsa.RSAPrivateNumbers(
        p, q, D, rsa.rsa_crt_dmp1(D, p), rsa.rsa_crt_dmq1(D, q), rsa.rsa_crt_iqmp(p, q), public
    )
    return numbers.private_key()


def test_the_vector_of_the_standard():
    signer = rfc_key()
    modulus = blind.modulus_of(signer)
    hidden = blind.blind(modulus, MESSAGE, salt=SALT, factor=pow(INVERSE, -1, N))
    assert hidden.inverse == INVERSE
    assert hidden.value.hex().startswith(BLINDED)
    signed = blind.sign_blinded(signer, hidden.value)
    assert signed.hex().startswith(BLIND_SIGNATURE)
    assert blind.finish(modulus, MESSAGE, signed, hidden.inverse).hex().startswith(SIGNATURE)


def test_what_is_signed_blindly_is_an_ordinary_signature(key):
    modulus, token = blind.modulus_of(key), secrets.token_bytes(blind.TOKEN)
    hidden = blind.blind(modulus, token)
    signature = blind.finish(modulus, token, blind.sign_blinded(key, hidden.value), hidden.inverse)
    assert blind.is_signed(modulus, token, signature)  # by the library's own PSS
    assert not blind.is_signed(modulus, secrets.token_bytes(blind.TOKEN), signature)
    assert not blind.is_signed(modulus, token, signature[:-1] + bytes([signature[-1] ^ 1]))
    assert not blind.is_signed(modulus, token, b"")
    other = blind.key_of(blind.new_key())
    assert not blind.is_signed(blind.modulus_of(other), token, signature)


def test_the_same_token_is_never_hidden_the_same_way(key):
    modulus, token = blind.modulus_of(key), secrets.token_bytes(blind.TOKEN)
    assert len({blind.blind(modulus, token).value for _ in range(5)}) == 5


def test_a_signer_who_cheats_is_noticed(key):
    modulus, token = blind.modulus_of(key), secrets.token_bytes(blind.TOKEN)
    hidden = blind.blind(modulus, token)
    other = blind.key_of(blind.new_key())
    with pytest.raises(ValueError, match="signature"):
        blind.finish(modulus, token, blind.sign_blinded(other, hidden.value[:-1] + b"\x01"), hidden.inverse)


def test_numbers_that_cannot_be_signed_are_refused(key):
    n = int.from_bytes(blind.modulus_of(key))
    for wrong in (0, 1, n - 1, n, n + 5):
        with pytest.raises(ValueError, match="blinded"):
            blind.sign_blinded(key, wrong.to_bytes(blind.SIZE))
    for wrong in (b"", b"\x02", bytes(blind.SIZE + 1)):
        with pytest.raises(ValueError, match="blinded"):
            blind.sign_blinded(key, wrong)
