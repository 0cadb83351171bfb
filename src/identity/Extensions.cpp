#include "src/identity/Extensions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include <arpa/inet.h>

#include <nlohmann/json.hpp>

#include "src/base/Encoding.h"
#include "src/crypto/Der.h"

namespace chancery::identity {
namespace {

namespace der = crypto::der;
using crypto::derElement;
using crypto::DerReader;

constexpr std::size_t kMostExtensions = 256;
constexpr std::size_t kMostAttributeBytes = 64 << 10;

Status bad(std::string_view sentence) {
    return makeError(StatusCode::kInvalidArgument, "BAD_CERTIFICATE", sentence);
}

Result<unsigned> readKeyUsage(BytesView value) {
    const auto content = DerReader(value).read(der::kBitString);
    if (!content || content->empty() || std::uint8_t(content->front()) > 7)
        return bad("the key usage is malformed");
    const unsigned unused = std::uint8_t(content->front());
    const BytesView bits = content->substr(1);
    if (bits.empty() ? unused != 0 : (std::uint8_t(bits.back()) & ((1U << unused) - 1)) != 0)
        return bad("the key usage is malformed");
    unsigned usage = 0;
    for (unsigned bit = 0; bit < 9 && bit / 8 < bits.size(); ++bit)
        if ((std::uint8_t(bits[bit / 8]) & (0x80U >> (bit % 8))) != 0) usage |= 1U << bit;
    return usage;
}

Status readBasicConstraints(BytesView value, Extensions& out) {
    const auto content = DerReader(value).read(der::kSequence);
    if (!content) return bad("the basic constraints are malformed");
    DerReader reader(*content);
    out.hasBasicConstraints = true;
    if (reader.nextTag() == der::kBoolean) {
        const auto flag = reader.readBoolean();
        if (!flag) return bad("the basic constraints are malformed");
        out.isCa = *flag;
    }
    if (reader.nextTag() == der::kInteger) {
        out.pathLength = reader.readSmallInteger();
        if (!out.pathLength) return bad("the path length is malformed");
    }
    return absl::OkStatus();
}

Status readAltNames(BytesView value, Extensions& out) {
    const auto content = DerReader(value).read(der::kSequence);
    if (!content) return bad("the alternative names are malformed");
    out.altNameValue = Bytes(value);
    DerReader reader(*content);
    while (!reader.empty()) {
        const auto name = reader.readAny();
        if (!name) return bad("an alternative name is malformed");
        NameKind kind = NameKind::Other;
        switch (name->tag) {
            case der::context(1):
                kind = NameKind::Email;
                break;
            case der::context(2):
                kind = NameKind::Dns;
                break;
            case der::context(6):
                kind = NameKind::Uri;
                break;
            case der::context(7):
                kind = NameKind::Ip;
                if (name->content.size() != 4 && name->content.size() != 16)
                    return bad("an alternative address has neither 4 nor 16 bytes");
                break;
            default:
                continue;
        }
        for (const char c : name->content)
            if (kind != NameKind::Ip && std::uint8_t(c) >= 0x80)
                return bad("an alternative name is not ASCII");
        out.altNames.push_back({kind, Bytes(name->content)});
    }
    return absl::OkStatus();
}

Status readExtendedKeyUsage(BytesView value, Extensions& out) {
    const auto content = DerReader(value).read(der::kSequence);
    if (!content) return bad("the extended key usage is malformed");
    DerReader reader(*content);
    while (!reader.empty()) {
        const auto usage = reader.read(der::kOid);
        const std::string text = usage ? crypto::oidText(*usage) : std::string();
        if (text.empty()) return bad("the extended key usage is malformed");
        out.extendedKeyUsages.push_back(text);
    }
    return absl::OkStatus();
}

// Sequences of sequences whose content no rule asks for; they must only be well-formed.
Status checkSequences(BytesView value, std::string_view what) {
    const auto content = DerReader(value).read(der::kSequence);
    DerReader reader(content.value_or(BytesView()));
    while (content && !reader.empty())
        if (!reader.read(der::kSequence)) return bad(fmt::format("the {} are malformed", what));
    if (!content) return bad(fmt::format("the {} are malformed", what));
    return absl::OkStatus();
}

// fabric-ca writes the JSON bare, without any ASN.1 around it.
void readAttributes(BytesView value, Extensions& out) {
    if (value.size() > kMostAttributeBytes) return;
    const auto json = nlohmann::json::parse(value, nullptr, false);
    const auto attributes = json.is_object() ? json.find("attrs") : json.end();
    if (!json.is_object() || attributes == json.end() || !attributes->is_object()) return;
    for (const auto& [name, text] : attributes->items())
        if (text.is_string()) out.attributes.emplace_back(name, text.get<std::string>());
    std::sort(out.attributes.begin(), out.attributes.end());
}

// Reads what is known; `known` is false when the rule for critical extensions must decide.
Status readOne(std::string_view dotted, bool critical, BytesView value, Extensions& out,
               bool& known) {
    known = true;
    if (dotted == oid::kKeyUsage) {
        ASSIGN_OR_RETURN(out.keyUsage, readKeyUsage(value));
    } else if (dotted == oid::kBasicConstraints) {
        return readBasicConstraints(value, out);
    } else if (dotted == oid::kSubjectAltName) {
        RETURN_IF_ERROR(readAltNames(value, out));
        known = !out.altNames.empty();
    } else if (dotted == oid::kNameConstraints) {
        ASSIGN_OR_RETURN(out.nameConstraints, readNameConstraints(value));
        known = !out.nameConstraints->hasUnknownKinds;
    } else if (dotted == oid::kAuthorityKeyId) {
        auto id = readAuthorityKeyId(value);
        if (!id || critical)
            return bad("the authority key identifier is malformed or marked critical");
        out.authorityKeyId = *std::move(id);
    } else if (dotted == oid::kExtendedKeyUsage) {
        return readExtendedKeyUsage(value, out);
    } else if (dotted == oid::kSubjectKeyId) {
        const auto id = DerReader(value).read(der::kOctetString);
        if (!id || critical)
            return bad("the subject key identifier is malformed or marked critical");
        out.subjectKeyId = Bytes(*id);
    } else if (dotted == oid::kCrlDistributionPoints) {
        return checkSequences(value, "CRL distribution points");
    } else if (dotted == oid::kCertificatePolicies) {
        return checkSequences(value, "certificate policies");
    } else if (dotted == oid::kAuthorityInfoAccess) {
        if (critical) return bad("the authority information access is marked critical");
        return checkSequences(value, "authority information accesses");
    } else {
        known = false;
        if (dotted == oid::kFabricAttributes) readAttributes(value, out);
    }
    return absl::OkStatus();
}

}  // namespace

std::optional<Bytes> readAuthorityKeyId(BytesView value) {
    const auto content = DerReader(value).read(der::kSequence);
    if (!content) return std::nullopt;
    DerReader reader(*content);
    if (reader.nextTag() != der::context(0)) return Bytes();
    const auto id = reader.read(der::context(0));
    if (!id) return std::nullopt;
    return Bytes(*id);
}

Result<Extensions> readExtensions(BytesView sequenceContent) {
    Extensions out;
    DerReader reader(sequenceContent);
    std::vector<std::string> seen;
    while (!reader.empty()) {
        const auto extension = reader.read(der::kSequence);
        if (!extension) return bad("an extension is not a sequence");
        DerReader parts(*extension);
        const auto name = parts.read(der::kOid);
        const std::string dotted = name ? crypto::oidText(*name) : std::string();
        if (dotted.empty()) return bad("an extension has no object identifier");
        bool critical = false;
        if (parts.nextTag() == der::kBoolean) {
            const auto flag = parts.readBoolean();
            if (!flag)
                return bad(fmt::format("the critical mark of extension {} is malformed", dotted));
            critical = *flag;
        }
        const auto value = parts.read(der::kOctetString);
        if (!value) return bad(fmt::format("the value of extension {} is malformed", dotted));
        if (std::find(seen.begin(), seen.end(), dotted) != seen.end())
            return bad(fmt::format("the extension {} occurs twice", dotted));
        if (seen.size() == kMostExtensions)
            return bad("a certificate with more than 256 extensions");
        seen.push_back(dotted);
        bool known = false;
        RETURN_IF_ERROR(readOne(dotted, critical, *value, out, known));
        if (critical && !known) out.unknownCritical.push_back(dotted);
    }
    return out;
}

Bytes writeExtension(std::string_view dotted, bool critical, BytesView value) {
    return crypto::derSequence({crypto::derOid(dotted),
                                critical ? BytesView("\x01\x01\xFF", 3) : BytesView(),
                                derElement(der::kOctetString, value)});
}

Bytes writeAltNames(const std::vector<std::string>& hosts) {
    Bytes names;
    for (const std::string& host : hosts) {
        std::array<char, 16> address{};
        if (inet_pton(AF_INET, host.c_str(), address.data()) == 1)
            names += derElement(der::context(7), BytesView(address.data(), 4));
        else if (inet_pton(AF_INET6, host.c_str(), address.data()) == 1)
            names += derElement(der::context(7), BytesView(address.data(), 16));
        else
            names += derElement(der::context(host.find('@') != std::string::npos ? 1 : 2), host);
    }
    return derElement(der::kSequence, names);
}

Bytes writeAttributes(const std::vector<std::pair<std::string, std::string>>& attributes) {
    nlohmann::json values = nlohmann::json::object();
    for (const auto& [name, value] : attributes) values[name] = value;
    const std::string text = nlohmann::json{{"attrs", values}}.dump(
        -1, ' ', false, nlohmann::json::error_handler_t::replace);
    // Go's encoder escapes what could end a script element.
    std::string escaped;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string_view rest = std::string_view(text).substr(i);
        if (text[i] == '<' || text[i] == '>' || text[i] == '&') {
            escaped += fmt::format("\\u{:04x}", unsigned(text[i]));
        } else if (rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9")) {
            escaped += rest[2] == '\xA8' ? "\\u2028" : "\\u2029";
            i += 2;
        } else {
            escaped += text[i];
        }
    }
    return escaped;
}

std::string hostText(const GeneralName& name) {
    if (name.kind != NameKind::Ip) return name.value;
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(name.value.size() == 4 ? AF_INET : AF_INET6, name.value.data(), text.data(),
              text.size());
    return text.data();
}

}  // namespace chancery::identity
