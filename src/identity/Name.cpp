#include "src/identity/Name.h"

#include <fmt/format.h>

#include <algorithm>

#include "src/base/Encoding.h"
#include "src/crypto/Der.h"

namespace chancery::identity {
namespace {

namespace der = crypto::der;
using crypto::derElement;
using crypto::derOid;
using crypto::DerReader;
using crypto::derSequence;

constexpr std::size_t kMostAttributes = 256;

Status badName(std::string_view sentence) {
    return makeError(StatusCode::kInvalidArgument, "BAD_NAME", sentence);
}

bool isPrintable(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(" '()+,-./:=?").find(c) != std::string_view::npos;
}

void appendUtf8(std::string& out, unsigned code) {
    if (code < 0x80) {
        out += char(code);
    } else if (code < 0x800) {
        out += char(0xC0 | (code >> 6));
        out += char(0x80 | (code & 0x3F));
    } else {
        out += char(0xE0 | (code >> 12));
        out += char(0x80 | ((code >> 6) & 0x3F));
        out += char(0x80 | (code & 0x3F));
    }
}

std::optional<std::string> fromBmp(BytesView value) {
    if (value.size() % 2 != 0) return std::nullopt;
    if (value.ends_with(BytesView("\0\0", 2))) value.remove_suffix(2);
    std::string text;
    for (std::size_t i = 0; i < value.size(); i += 2) {
        const unsigned code = unsigned(std::uint8_t(value[i])) << 8 | std::uint8_t(value[i + 1]);
        if (code >= 0xD800 && code <= 0xDFFF) return std::nullopt;
        appendUtf8(text, code);
    }
    return text;
}

// The string types that names use, as UTF-8.
std::optional<std::string> textOf(std::uint8_t tag, BytesView value) {
    const auto all = [&](auto accepts) {
        for (const char c : value)
            if (!accepts(c)) return false;
        return true;
    };
    switch (tag) {
        case der::kUtf8String:
            break;
        case der::kPrintableString:
            // Wildcards and ampersands are not in the type, but certificates carry them.
            if (!all([](char c) { return isPrintable(c) || c == '*' || c == '&'; }))
                return std::nullopt;
            break;
        case der::kIa5String:
            if (!all([](char c) { return std::uint8_t(c) < 0x80; })) return std::nullopt;
            break;
        case der::kNumericString:
            if (!all([](char c) { return (c >= '0' && c <= '9') || c == ' '; }))
                return std::nullopt;
            break;
        case der::kT61String: {  // read as Latin-1, as everyone does
            std::string text;
            for (const char c : value) appendUtf8(text, std::uint8_t(c));
            return text;
        }
        case der::kBmpString:
            return fromBmp(value);
        default:
            return std::nullopt;
    }
    if (!isUtf8(value)) return std::nullopt;
    return std::string(value);
}

struct Label {
    std::string_view type;
    std::string_view label;
};
// In the order in which Go encodes them.
constexpr Label kLabels[] = {{oid::kCountry, "C"},
                             {oid::kProvince, "ST"},
                             {oid::kLocality, "L"},
                             {oid::kStreet, "STREET"},
                             {oid::kPostalCode, "POSTALCODE"},
                             {oid::kOrganization, "O"},
                             {oid::kOrganizationalUnit, "OU"},
                             {oid::kCommonName, "CN"},
                             {oid::kSerialNumber, "SERIALNUMBER"}};

std::string escaped(std::string_view value) {
    std::string text;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        const bool isEdgeBlank = c == ' ' && (i == 0 || i + 1 == value.size());
        if (isEdgeBlank || (c == '#' && i == 0) ||
            std::string_view(",+\"\\<>;").find(c) != std::string_view::npos)
            text += '\\';
        text += c;
    }
    return text;
}

// PrintableString where the characters allow it, as Go's encoder chooses.
Bytes stringElement(std::string_view value) {
    const bool printable = std::all_of(value.begin(), value.end(), isPrintable);
    return derElement(printable ? der::kPrintableString : der::kUtf8String, value);
}

}  // namespace

std::vector<std::string> Name::valuesOf(std::string_view type) const {
    std::vector<std::string> values;
    for (const Attribute& attribute : attributes)
        if (attribute.type == type) values.push_back(attribute.value);
    return values;
}

std::string Name::commonName() const {
    const auto values = valuesOf(oid::kCommonName);
    return values.empty() ? std::string() : values.back();
}

std::string Name::text() const {
    std::vector<std::string> groups;
    for (const Attribute& attribute : attributes) {
        const bool known =
            std::any_of(std::begin(kLabels), std::end(kLabels),
                        [&](const Label& label) { return label.type == attribute.type; });
        if (!known)
            groups.push_back(
                fmt::format("{}=#{}", attribute.type, toHex(stringElement(attribute.value))));
    }
    for (const Label& label : kLabels) {
        auto values = valuesOf(label.type);
        const bool isSingle = label.type == oid::kCommonName || label.type == oid::kSerialNumber;
        if (isSingle && !values.empty()) values.erase(values.begin(), values.end() - 1);
        if (isSingle && !values.empty() && values.front().empty()) values.clear();
        std::string group;
        for (const std::string& value : values)
            group += fmt::format("{}{}={}", group.empty() ? "" : "+", label.label, escaped(value));
        if (!group.empty()) groups.push_back(std::move(group));
    }
    std::string text;
    for (auto group = groups.rbegin(); group != groups.rend(); ++group) {
        if (!text.empty()) text += ',';
        text += *group;
    }
    return text;
}

Result<Name> readName(BytesView bytes) {
    DerReader outer(bytes);
    const auto content = outer.read(der::kSequence);
    if (!content || !outer.empty()) return badName("a name is not one DER sequence");
    Name name;
    DerReader rdns(*content);
    while (!rdns.empty()) {
        const auto set = rdns.read(der::kSet);
        if (!set) return badName("a part of a name is not a DER set");
        DerReader attributes(*set);
        while (!attributes.empty()) {
            const auto pair = attributes.read(der::kSequence);
            DerReader reader(pair.value_or(BytesView()));
            const auto type = reader.read(der::kOid);
            const std::string typeText = type ? crypto::oidText(*type) : std::string();
            const auto value = typeText.empty() ? std::nullopt : reader.readAny();
            if (!value) return badName("an attribute of a name is not a type with a value");
            auto text = textOf(value->tag, value->content);
            if (!text)
                return badName(
                    fmt::format("attribute {} of a name is not well-formed text", typeText));
            if (name.attributes.size() == kMostAttributes)
                return badName("a name with more than 256 attributes");
            name.attributes.push_back({typeText, *std::move(text)});
        }
    }
    return name;
}

Bytes writeName(const SubjectName& name) {
    Bytes rdns;
    const auto attribute = [](std::string_view type, std::string_view value) {
        return derSequence({derOid(type), stringElement(value)});
    };
    const auto add = [&](std::string_view type, std::string_view value) {
        if (!value.empty()) rdns += derElement(der::kSet, attribute(type, value));
    };
    add(oid::kCountry, name.country);
    add(oid::kProvince, name.province);
    add(oid::kLocality, name.locality);
    add(oid::kOrganization, name.organization);
    if (!name.organizationalUnits.empty()) {
        std::vector<Bytes> units;
        for (const std::string& unit : name.organizationalUnits)
            units.push_back(attribute(oid::kOrganizationalUnit, unit));
        std::sort(units.begin(), units.end());
        Bytes set;
        for (const Bytes& unit : units) set += unit;
        rdns += derElement(der::kSet, set);
    }
    add(oid::kCommonName, name.commonName);
    add(oid::kSerialNumber, name.serialNumber);
    return derSequence({rdns});
}

}  // namespace chancery::identity
