// The keys of a token: found, made, put in, removed.
#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/crypto/Curve.h"
#include "src/crypto/Der.h"
#include "src/crypto/KeyImpl.h"
#include "src/crypto/TokenImpl.h"

namespace chancery::crypto {
namespace {

constexpr std::string_view kEcPublicKey = "1.2.840.10045.2.1";
constexpr std::size_t kMostAttributeBytes = 64 << 10;

CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, BytesView value) {
    return {type, const_cast<char*>(value.data()), value.size()};
}
template <class T>
CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, const T& value) {
    return {type, const_cast<T*>(&value), sizeof value};
}

const CK_BBOOL kTrue = CK_TRUE;
const CK_BBOOL kFalse = CK_FALSE;
const CK_OBJECT_CLASS kPrivateClass = CKO_PRIVATE_KEY;
const CK_OBJECT_CLASS kPublicClass = CKO_PUBLIC_KEY;
const CK_KEY_TYPE kEcType = CKK_EC;

Bytes curveParameters(const Curve& curve) {
    return derOid(curve.oid);
}

// CKA_EC_POINT is an OCTET STRING around 04‖X‖Y; some tokens leave the wrapping out.
Result<PublicKey> publicKeyOf(BytesView parameters, BytesView point) {
    const auto oid = DerReader(parameters).read(der::kOid);
    DerReader wrapped(point);
    if (const auto inner = wrapped.read(der::kOctetString); inner && wrapped.empty())
        point = *inner;
    const Curve* curve = oid ? curveWithOid(oidText(*oid)) : nullptr;
    if (curve == nullptr)
        return makeError(StatusCode::kInvalidArgument, "UNSUPPORTED_KEY",
                         "a key in the token is on a curve that is not known here");
    return PublicKey::fromDer(derSequence(
        {derSequence({derOid(kEcPublicKey), derOid(curve->oid)}), derBitString(point)}));
}

Result<std::vector<CK_OBJECT_HANDLE>> privateKeys(TokenSession& session, const TokenKeyName& name) {
    std::vector<CK_ATTRIBUTE> wanted = {attribute(CKA_CLASS, kPrivateClass),
                                        attribute(CKA_KEY_TYPE, kEcType)};
    if (!name.id.empty()) wanted.push_back(attribute(CKA_ID, BytesView(name.id)));
    if (!name.label.empty()) wanted.push_back(attribute(CKA_LABEL, BytesView(name.label)));
    return findObjects(session, wanted);
}

// The public half stands in an object of its own with the same id.
Result<TokenKey> describe(TokenSession& session, CK_OBJECT_HANDLE key) {
    ASSIGN_OR_RETURN(const Bytes label, readAttribute(session, key, CKA_LABEL));
    ASSIGN_OR_RETURN(const Bytes id, readAttribute(session, key, CKA_ID));
    ASSIGN_OR_RETURN(const Bytes extractable, readAttribute(session, key, CKA_EXTRACTABLE));
    ASSIGN_OR_RETURN(const auto halves, findObjects(session, {attribute(CKA_CLASS, kPublicClass),
                                                              attribute(CKA_ID, BytesView(id))}));
    if (halves.empty())
        return makeError(
            StatusCode::kNotFound, "NO_TOKEN_KEY",
            fmt::format("the key '{}' has no public half in the token", printable(label, 64)),
            {{"key", printable(label, 64)}});
    ASSIGN_OR_RETURN(const Bytes parameters, readAttribute(session, halves[0], CKA_EC_PARAMS));
    ASSIGN_OR_RETURN(const Bytes point, readAttribute(session, halves[0], CKA_EC_POINT));
    ASSIGN_OR_RETURN(PublicKey publicKey, publicKeyOf(parameters, point));
    return TokenKey{label, id, std::move(publicKey), extractable != Bytes(1, '\0')};
}

Status checkNew(TokenSession& session, const std::string& label, const std::string& token) {
    if (label.empty() || label.size() > 128 || !isUtf8(label))
        return makeError(StatusCode::kInvalidArgument, "BAD_KEY_LABEL",
                         "the label of a key has 1 to 128 bytes of UTF-8");
    ASSIGN_OR_RETURN(const auto there, privateKeys(session, {.label = label}));
    if (!there.empty())
        return makeError(StatusCode::kAlreadyExists, "TOKEN_KEY_EXISTS",
                         fmt::format("the token '{}' has a key with the label '{}' already",
                                     printable(token, 64), printable(label, 64)),
                         {{"token", printable(token, 64)}, {"key", printable(label, 64)}});
    return absl::OkStatus();
}

// What cannot leave stays secret whatever the program does; a token that ignores that is refused.
Status checkKept(TokenSession& session, CK_OBJECT_HANDLE key, const std::string& token) {
    ASSIGN_OR_RETURN(const Bytes extractable, readAttribute(session, key, CKA_EXTRACTABLE));
    ASSIGN_OR_RETURN(const Bytes sensitive, readAttribute(session, key, CKA_SENSITIVE));
    if (extractable == Bytes(1, '\0') && sensitive == Bytes(1, '\1')) return absl::OkStatus();
    return makeError(StatusCode::kFailedPrecondition, "TOKEN_NO_MECHANISM",
                     fmt::format("the token '{}' would give its keys away", printable(token, 64)),
                     {{"token", printable(token, 64)}});
}

}  // namespace

Status checkTokenAlgorithm(KeyAlgorithm algorithm, const std::string& token) {
    if (algorithm == KeyAlgorithm::EcdsaP256 || algorithm == KeyAlgorithm::EcdsaP384)
        return absl::OkStatus();
    const std::string why =
        algorithm == KeyAlgorithm::Sm2
            ? "PKCS#11 has no mechanism for SM2; keep such a key in an encrypted file"
            : "tokens are asked for ECDSA on P-256 and P-384 only";
    return makeError(
        StatusCode::kFailedPrecondition, "TOKEN_NO_MECHANISM",
        fmt::format("the token '{}' cannot hold a key of {}: {}", printable(token, 64),
                    nameOf(algorithm), why),
        {{"token", printable(token, 64)}, {"algorithm", std::string(nameOf(algorithm))}});
}

Result<std::vector<CK_OBJECT_HANDLE>> findObjects(TokenSession& session,
                                                  std::vector<CK_ATTRIBUTE> wanted,
                                                  std::size_t most) {
    RETURN_IF_ERROR(session.check(
        session.call().C_FindObjectsInit(session.get(), wanted.data(), wanted.size()), "search"));
    std::vector<CK_OBJECT_HANDLE> found;
    CK_RV code = CKR_OK;
    while (found.size() < most) {
        std::array<CK_OBJECT_HANDLE, 64> some{};
        CK_ULONG count = 0;
        code = session.call().C_FindObjects(session.get(), some.data(), some.size(), &count);
        if (code != CKR_OK || count == 0) break;
        found.insert(found.end(), some.begin(),
                     some.begin() + std::ptrdiff_t(std::min<CK_ULONG>(count, some.size())));
    }
    session.call().C_FindObjectsFinal(session.get());
    RETURN_IF_ERROR(session.check(code, "search"));
    return found;
}

Result<Bytes> readAttribute(TokenSession& session, CK_OBJECT_HANDLE object,
                            CK_ATTRIBUTE_TYPE type) {
    CK_ATTRIBUTE wanted = {type, nullptr, 0};
    const CK_RV code = session.call().C_GetAttributeValue(session.get(), object, &wanted, 1);
    if (code == CKR_ATTRIBUTE_TYPE_INVALID || code == CKR_ATTRIBUTE_SENSITIVE) return Bytes();
    RETURN_IF_ERROR(session.check(code, "read a key"));
    if (wanted.ulValueLen > kMostAttributeBytes) return Bytes();
    Bytes value(wanted.ulValueLen, '\0');
    wanted.pValue = value.data();
    RETURN_IF_ERROR(session.check(
        session.call().C_GetAttributeValue(session.get(), object, &wanted, 1), "read a key"));
    value.resize(std::min<std::size_t>(wanted.ulValueLen, value.size()));
    return value;
}

Result<std::vector<TokenKey>> Token::keys() const {
    if (!loggedIn()) return tokenError(CKR_USER_NOT_LOGGED_IN, "list its keys", m_state->label);
    ASSIGN_OR_RETURN(TokenSession session, TokenSession::of(*m_state));
    ASSIGN_OR_RETURN(const auto handles, privateKeys(session, {}));
    std::vector<TokenKey> keys;
    for (const CK_OBJECT_HANDLE handle : handles) {
        auto key = describe(session, handle);
        // Keys of other programs, on other curves or without a public half, are none of ours.
        if (key.ok() && checkTokenAlgorithm(key->publicKey.algorithm(), "").ok())
            keys.push_back(*std::move(key));
        else if (!key.ok() && key.status().code() == StatusCode::kUnavailable)
            return key.status();
    }
    return keys;
}

Result<TokenKey> Token::find(const TokenKeyName& name) const {
    if (!loggedIn()) return tokenError(CKR_USER_NOT_LOGGED_IN, "look for a key", m_state->label);
    ASSIGN_OR_RETURN(TokenSession session, TokenSession::of(*m_state));
    ASSIGN_OR_RETURN(const auto handles, privateKeys(session, name));
    const std::string asked = name.label.empty() ? toHex(name.id) : printable(name.label, 64);
    const ErrorArguments arguments = {{"token", printable(m_state->label, 64)}, {"key", asked}};
    if (handles.empty())
        return makeError(
            StatusCode::kNotFound, "NO_TOKEN_KEY",
            fmt::format("the token '{}' has no key '{}'", printable(m_state->label, 64), asked),
            arguments);
    if (handles.size() > 1)
        return makeError(StatusCode::kFailedPrecondition, "SEVERAL_TOKEN_KEYS",
                         fmt::format("the token '{}' has more than one key '{}'; name its id",
                                     printable(m_state->label, 64), asked),
                         arguments);
    return describe(session, handles.front());
}

Result<TokenKey> Token::generate(KeyAlgorithm algorithm, const std::string& label) {
    RETURN_IF_ERROR(checkTokenAlgorithm(algorithm, m_state->label));
    if (!loggedIn()) return tokenError(CKR_USER_NOT_LOGGED_IN, "make a key", m_state->label);
    ASSIGN_OR_RETURN(TokenSession session, TokenSession::of(*m_state));
    RETURN_IF_ERROR(checkNew(session, label, m_state->label));
    const Bytes parameters = curveParameters(*curveOf(algorithm));
    std::vector<CK_ATTRIBUTE> publicHalf = {
        attribute(CKA_EC_PARAMS, BytesView(parameters)), attribute(CKA_TOKEN, kTrue),
        attribute(CKA_VERIFY, kTrue), attribute(CKA_LABEL, BytesView(label))};
    std::vector<CK_ATTRIBUTE> privateHalf = {
        attribute(CKA_TOKEN, kTrue),     attribute(CKA_PRIVATE, kTrue),
        attribute(CKA_SENSITIVE, kTrue), attribute(CKA_EXTRACTABLE, kFalse),
        attribute(CKA_SIGN, kTrue),      attribute(CKA_LABEL, BytesView(label))};
    CK_MECHANISM mechanism = {CKM_EC_KEY_PAIR_GEN, nullptr, 0};
    CK_OBJECT_HANDLE publicHandle = 0;
    CK_OBJECT_HANDLE privateHandle = 0;
    RETURN_IF_ERROR(session.check(
        session.call().C_GenerateKeyPair(session.get(), &mechanism, publicHalf.data(),
                                         publicHalf.size(), privateHalf.data(), privateHalf.size(),
                                         &publicHandle, &privateHandle),
        "make a key"));
    const auto finish = [&]() -> Result<TokenKey> {
        RETURN_IF_ERROR(checkKept(session, privateHandle, m_state->label));
        ASSIGN_OR_RETURN(const Bytes point, readAttribute(session, publicHandle, CKA_EC_POINT));
        ASSIGN_OR_RETURN(PublicKey publicKey, publicKeyOf(parameters, point));
        // Fabric's own PKCS#11 provider looks for this id.
        const Bytes id = publicKey.ski();
        for (const CK_OBJECT_HANDLE half : {publicHandle, privateHandle}) {
            CK_ATTRIBUTE name = attribute(CKA_ID, BytesView(id));
            RETURN_IF_ERROR(session.check(
                session.call().C_SetAttributeValue(session.get(), half, &name, 1), "name a key"));
        }
        return TokenKey{label, id, std::move(publicKey), false};
    };
    auto made = finish();
    if (!made.ok())
        for (const CK_OBJECT_HANDLE half : {publicHandle, privateHandle})
            session.call().C_DestroyObject(session.get(), half);
    return made;
}

Result<TokenKey> Token::importKey(const PrivateKey& key, const std::string& label) {
    RETURN_IF_ERROR(checkTokenAlgorithm(key.algorithm(), m_state->label));
    if (!loggedIn()) return tokenError(CKR_USER_NOT_LOGGED_IN, "take a key", m_state->label);
    ASSIGN_OR_RETURN(TokenSession session, TokenSession::of(*m_state));
    RETURN_IF_ERROR(checkNew(session, label, m_state->label));
    const PublicKey publicKey = key.publicKey();
    const Bytes id = publicKey.ski();
    const Bytes parameters = curveParameters(*curveOf(key.algorithm()));
    const Bytes point = derElement(der::kOctetString, publicKey.impl().point);
    std::vector<CK_ATTRIBUTE> publicHalf = {attribute(CKA_CLASS, kPublicClass),
                                            attribute(CKA_KEY_TYPE, kEcType),
                                            attribute(CKA_TOKEN, kTrue),
                                            attribute(CKA_VERIFY, kTrue),
                                            attribute(CKA_LABEL, BytesView(label)),
                                            attribute(CKA_ID, BytesView(id)),
                                            attribute(CKA_EC_PARAMS, BytesView(parameters)),
                                            attribute(CKA_EC_POINT, BytesView(point))};
    std::vector<CK_ATTRIBUTE> privateHalf = {attribute(CKA_CLASS, kPrivateClass),
                                             attribute(CKA_KEY_TYPE, kEcType),
                                             attribute(CKA_TOKEN, kTrue),
                                             attribute(CKA_PRIVATE, kTrue),
                                             attribute(CKA_SENSITIVE, kTrue),
                                             attribute(CKA_EXTRACTABLE, kFalse),
                                             attribute(CKA_SIGN, kTrue),
                                             attribute(CKA_LABEL, BytesView(label)),
                                             attribute(CKA_ID, BytesView(id)),
                                             attribute(CKA_EC_PARAMS, BytesView(parameters)),
                                             attribute(CKA_VALUE, key.impl().secret.view())};
    CK_OBJECT_HANDLE privateHandle = 0;
    CK_OBJECT_HANDLE publicHandle = 0;
    RETURN_IF_ERROR(session.check(session.call().C_CreateObject(session.get(), privateHalf.data(),
                                                                privateHalf.size(), &privateHandle),
                                  "take a key"));
    Status status = checkKept(session, privateHandle, m_state->label);
    if (status.ok())
        status = session.check(session.call().C_CreateObject(session.get(), publicHalf.data(),
                                                             publicHalf.size(), &publicHandle),
                               "take a key");
    if (!status.ok()) {
        session.call().C_DestroyObject(session.get(), privateHandle);
        return status;
    }
    return TokenKey{label, id, publicKey, false};
}

Status Token::remove(const TokenKeyName& name) {
    ASSIGN_OR_RETURN(const TokenKey key, find(name));
    ASSIGN_OR_RETURN(TokenSession session, TokenSession::of(*m_state));
    for (const CK_OBJECT_CLASS& half : {kPrivateClass, kPublicClass}) {
        ASSIGN_OR_RETURN(
            const auto handles,
            findObjects(session, {attribute(CKA_CLASS, half), attribute(CKA_ID, BytesView(key.id)),
                                  attribute(CKA_LABEL, BytesView(key.label))}));
        for (const CK_OBJECT_HANDLE handle : handles)
            RETURN_IF_ERROR(session.check(session.call().C_DestroyObject(session.get(), handle),
                                          "remove a key"));
    }
    return absl::OkStatus();
}

}  // namespace chancery::crypto
