#include "src/identity/Crl.h"

#include <fmt/format.h>

#include <algorithm>

#include "src/crypto/Der.h"
#include "src/crypto/Pem.h"
#include "src/identity/CertificateImpl.h"
#include "src/identity/SignatureAlgorithm.h"
#include "src/identity/X509Time.h"

namespace chancery::identity {
namespace {

namespace der = crypto::der;
using crypto::derElement;
using crypto::DerReader;
using crypto::derSequence;

constexpr std::size_t kMostBytes = 64 << 20;

Status badCrl(std::string_view what) {
    return makeError(StatusCode::kInvalidArgument, "BAD_CRL",
                     fmt::format("the {} of the revocation list is malformed", what));
}

BytesView withoutLeadingZeros(BytesView number) {
    while (!number.empty() && number.front() == 0) number.remove_prefix(1);
    return number;
}

// Calls `use` with the identifier and value of each extension.
Status forEachExtension(BytesView sequenceContent, const auto& use) {
    DerReader reader(sequenceContent);
    while (!reader.empty()) {
        DerReader parts(reader.read(der::kSequence).value_or(BytesView()));
        const auto name = parts.read(der::kOid);
        if (name && parts.nextTag() == der::kBoolean && !parts.readBoolean())
            return badCrl("extension");
        const auto value = name ? parts.read(der::kOctetString) : std::nullopt;
        if (!value) return badCrl("extension");
        RETURN_IF_ERROR(use(crypto::oidText(*name), *value));
    }
    return absl::OkStatus();
}

Result<RevocationList::Entry> readEntry(BytesView content) {
    DerReader reader(content);
    const auto serial = reader.readInteger();
    const auto time = serial ? readX509Time(reader) : std::nullopt;
    if (!time) return badCrl("list of serial numbers");
    RevocationList::Entry entry{Bytes(withoutLeadingZeros(*serial)), *time, std::nullopt};
    if (const auto extensions = reader.read(der::kSequence)) {
        RETURN_IF_ERROR(
            forEachExtension(*extensions, [&](const std::string& name, BytesView value) -> Status {
                const auto reason = name == oid::kCrlReason
                                        ? DerReader(value).read(der::kEnumerated)
                                        : std::nullopt;
                if (reason && reason->size() == 1) entry.reason = std::uint8_t(reason->front());
                return absl::OkStatus();
            }));
    }
    return entry;
}

// The extensions of an entry; none when no reason is given or it is 0, which must not be written
// (RFC 5280, 5.3.1).
Bytes writeReason(std::optional<int> reason) {
    if (reason.value_or(0) == 0) return {};
    const char value = char(*reason);
    return derSequence({writeExtension(oid::kCrlReason, false,
                                       derElement(der::kEnumerated, BytesView(&value, 1)))});
}

}  // namespace

struct RevocationList::Impl {
    Bytes der;
    BytesView tbs;
    BytesView signature;
    std::optional<crypto::SignatureScheme> scheme;
    std::string issuer;
    absl::Time thisUpdate;
    std::optional<absl::Time> nextUpdate;
    std::optional<Bytes> authorityKeyId;
    std::vector<Entry> entries;

    Status read();
    Status readSignedPart(DerReader reader);
};

Status RevocationList::Impl::readSignedPart(DerReader reader) {
    if (reader.nextTag() == der::kInteger && !reader.readSmallInteger()) return badCrl("version");
    const auto algorithm = reader.read(der::kSequence);
    if (!algorithm) return badCrl("inner signature algorithm");
    const auto rawIssuer = reader.readWhole(der::kSequence);
    if (!rawIssuer) return badCrl("issuer");
    ASSIGN_OR_RETURN(const Name name, readName(*rawIssuer));
    issuer = name.text();
    const auto time = readX509Time(reader);
    if (!time) return badCrl("time");
    thisUpdate = *time;
    nextUpdate = readX509Time(reader);
    if (const auto list = reader.read(der::kSequence)) {
        DerReader revoked(*list);
        while (!revoked.empty()) {
            const auto content = revoked.read(der::kSequence);
            if (!content) return badCrl("list of serial numbers");
            ASSIGN_OR_RETURN(auto entry, readEntry(*content));
            entries.push_back(std::move(entry));
        }
        std::stable_sort(entries.begin(), entries.end(),
                         [](const Entry& a, const Entry& b) { return a.serial < b.serial; });
    }
    if (const auto wrapped = reader.read(der::contextConstructed(0))) {
        const auto extensions = DerReader(*wrapped).read(der::kSequence);
        if (!extensions) return badCrl("list of extensions");
        RETURN_IF_ERROR(forEachExtension(
            *extensions, [&](const std::string& extension, BytesView value) -> Status {
                if (extension != oid::kAuthorityKeyId || authorityKeyId) return absl::OkStatus();
                authorityKeyId = readAuthorityKeyId(value);
                return authorityKeyId ? absl::OkStatus() : badCrl("authority key identifier");
            }));
    }
    return reader.empty() ? absl::OkStatus() : badCrl("end of the signed part");
}

Status RevocationList::Impl::read() {
    DerReader outer(der);
    const auto content = outer.read(der::kSequence);
    if (!content || !outer.empty()) return badCrl("outermost sequence");
    DerReader reader(*content);
    const auto signedPart = reader.readWhole(der::kSequence);
    const auto algorithm = signedPart ? reader.read(der::kSequence) : std::nullopt;
    const auto bits = algorithm ? reader.readBitStringBytes() : std::nullopt;
    if (!bits) return badCrl("signature");
    tbs = *signedPart;
    signature = *bits;
    scheme = readSignatureAlgorithm(*algorithm);
    return readSignedPart(DerReader(*DerReader(*signedPart).read(der::kSequence)));
}

Result<RevocationList> RevocationList::fromBytes(BytesView pemOrDer) {
    if (pemOrDer.size() > kMostBytes) return badCrl("size (over 64 MiB)");
    auto impl = std::make_shared<Impl>();
    impl->der = Bytes(pemOrDer);
    if (pemOrDer.starts_with("-----BEGIN X509 CRL"))
        if (auto block = crypto::readPem(pemOrDer); block && block->label == "X509 CRL")
            impl->der = std::move(block->der);
    RETURN_IF_ERROR(impl->read());
    // What Fabric tries to rewrite at set-up must be well-formed.
    if (impl->scheme && crypto::isEcdsa(*impl->scheme) &&
        !crypto::toLowS(impl->signature, crypto::KeyAlgorithm::EcdsaP521).ok())
        return badCrl("signature");
    return RevocationList(std::move(impl));
}

const Bytes& RevocationList::der() const {
    return m_impl->der;
}
Bytes RevocationList::toPem() const {
    return crypto::writePem("X509 CRL", m_impl->der);
}
const std::string& RevocationList::issuer() const {
    return m_impl->issuer;
}
absl::Time RevocationList::thisUpdate() const {
    return m_impl->thisUpdate;
}
std::optional<absl::Time> RevocationList::nextUpdate() const {
    return m_impl->nextUpdate;
}
const std::optional<Bytes>& RevocationList::authorityKeyId() const {
    return m_impl->authorityKeyId;
}
const std::vector<RevocationList::Entry>& RevocationList::entries() const {
    return m_impl->entries;
}

bool RevocationList::lists(BytesView serial) const {
    const auto& all = m_impl->entries;
    const auto at = std::lower_bound(
        all.begin(), all.end(), serial,
        [](const Entry& entry, BytesView wanted) { return entry.serial < wanted; });
    return at != all.end() && at->serial == serial;
}

Status RevocationList::checkSignedBy(const Certificate& ca) const {
    if (!m_impl->scheme)
        return makeError(StatusCode::kUnauthenticated, "UNSUPPORTED_ALGORITHM",
                         "the signature algorithm of the revocation list is not known");
    return ca.publicKey().verifyScheme(*m_impl->scheme, m_impl->tbs, m_impl->signature);
}

Result<RevocationList> makeRevocationList(const Certificate& ca, const crypto::Signer& key,
                                          const std::vector<RevocationList::Entry>& entries,
                                          absl::Time thisUpdate, absl::Time nextUpdate) {
    if (!(key.publicKey() == ca.publicKey()))
        return makeError(StatusCode::kInvalidArgument, "KEY_MISMATCH",
                         "the key does not belong to the CA's certificate");
    const Bytes algorithm = writeSignatureAlgorithm(schemeFor(key.algorithm()));
    Bytes revoked;
    for (const RevocationList::Entry& entry : entries)
        revoked += derSequence({crypto::derUnsigned(entry.serial), writeX509Time(entry.revokedAt),
                                writeReason(entry.reason)});
    const Bytes keyId = derSequence({derElement(der::context(0), ca.subjectKeyId())});
    const Bytes extensions = derSequence({writeExtension(oid::kAuthorityKeyId, false, keyId)});
    const Bytes tbs = derSequence({crypto::derInteger(1), algorithm, ca.rawSubject(),
                                   writeX509Time(thisUpdate), writeX509Time(nextUpdate),
                                   revoked.empty() ? Bytes() : derElement(der::kSequence, revoked),
                                   derElement(der::contextConstructed(0), extensions)});
    ASSIGN_OR_RETURN(const Bytes list, signObject(tbs, key));
    return RevocationList::fromBytes(list);
}

}  // namespace chancery::identity
