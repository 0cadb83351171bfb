#include "node/ca/DirectoryUsers.h"

#include <fmt/format.h>

#include <algorithm>

#include "node/ca/CertificateAuthority.h"
#include "src/base/Encoding.h"

namespace chancery::node {
namespace {

constexpr std::size_t kMostId = 64;  // a common name holds no more
constexpr std::size_t kMostType = 64;
constexpr std::size_t kMostAffiliation = 1024;

bool isPlain(std::string_view text) {
    return isUtf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
               return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
           });
}

Status badEntry(const DirectoryEntry& entry, std::string_view why) {
    return makeError(StatusCode::kFailedPrecondition, "BAD_DIRECTORY_ENTRY",
                     fmt::format("the entry '{}' of the directory is of no use: {}",
                                 printable(entry.dn, 256), why));
}

bool isRight(const std::string& name) {
    return findAttribute(administratorAttributes(), name) != nullptr;
}

Status checkValue(const DirectoryEntry& entry, const std::string& name, const std::string& value) {
    if (value.empty()) return absl::OkStatus();  // as if it were not there
    if (value.size() > RequestBody::kMostValue || !isPlain(value))
        return badEntry(entry, fmt::format("'{}' has control characters, is no UTF-8 or longer "
                                           "than {} bytes",
                                           printable(name, 64), RequestBody::kMostValue));
    // Rights that are on or off; the others are lists.
    const Attributes all = administratorAttributes();
    const Attribute* right = findAttribute(all, name);
    if (right != nullptr && right->value == "true" && !readBoolean(value))
        return badEntry(entry, fmt::format("'{}' must be true or false", name));
    return absl::OkStatus();
}

Status checkAffiliation(const DirectoryEntry& entry, const std::string& affiliation) {
    if (affiliation.size() > kMostAffiliation || !isPlain(affiliation))
        return badEntry(entry, "its affiliation is too long or no plain text");
    for (const std::string& part : affiliationPath(affiliation))
        if (part.empty() || part.size() > kMostId)
            return badEntry(entry, "each part of its affiliation must have 1 to 64 bytes");
    return absl::OkStatus();
}

}  // namespace

Status checkConverter(const DirectoryConverter& converter, const DirectoryMaps& maps) {
    const std::string& name = converter.name;
    const bool isOfCa = name.starts_with("hf.");
    if (isOfCa && !isRight(name) && name != attribute::kType && name != attribute::kAffiliation)
        return makeError(
            StatusCode::kInvalidArgument, "BAD_CONVERTER_NAME",
            fmt::format("there is no right '{}' that a directory could give", printable(name, 64)));
    return DirectoryExpression::parse(converter.expression, maps).status();
}

Result<std::unique_ptr<DirectoryUsers>> DirectoryUsers::open(DirectoryOptions options) {
    std::vector<Converter> converters;
    std::set<std::string> wanted;
    std::vector<std::string> attributes = options.attributes;
    for (const std::string& name : attributes) wanted.insert(name);
    for (const DirectoryConverter& one : options.converters) {
        RETURN_IF_ERROR(checkConverter(one, options.maps));
        ASSIGN_OR_RETURN(auto expression, DirectoryExpression::parse(one.expression, options.maps));
        wanted.insert(expression.attributes().begin(), expression.attributes().end());
        converters.push_back({one, std::move(expression)});
    }
    ASSIGN_OR_RETURN(auto directory, Directory::open(std::move(options), std::move(wanted)));
    return std::unique_ptr<DirectoryUsers>(
        new DirectoryUsers(std::move(attributes), std::move(converters), std::move(directory)));
}

Result<IdentityRow> DirectoryUsers::identityOf(const std::string& id,
                                               const DirectoryEntry& entry) const {
    IdentityRow row;
    row.id = id;
    row.type = "client";
    row.maxEnrollments = -1;
    // A dot within a unit would make two of it.
    const bool hasDots = std::any_of(entry.units.begin(), entry.units.end(), [](const auto& unit) {
        return unit.find('.') != std::string::npos;
    });
    row.affiliation = affiliationOf(entry);
    bool isAffiliationSet = false;
    Attributes attributes;
    for (const std::string& name : m_attributes) {
        std::string value;
        for (const std::string& one : entry.valuesOf(name)) {
            if (!value.empty()) value += ',';
            value += one;
        }
        RETURN_IF_ERROR(checkValue(entry, name, value));
        mergeAttributes(attributes, {{name, value, false}});
    }
    for (const auto& [settings, expression] : m_converters) {
        ASSIGN_OR_RETURN(const std::string value, expression.evaluate(entry));
        if (settings.name == attribute::kType) {
            if (!value.empty()) row.type = value;
            continue;
        }
        if (settings.name == attribute::kAffiliation) {
            row.affiliation = value;
            isAffiliationSet = true;
            continue;
        }
        RETURN_IF_ERROR(checkValue(entry, settings.name, value));
        mergeAttributes(attributes, {{settings.name, value, settings.inCertificate}});
    }
    if (row.type.size() > kMostType || !isPlain(row.type))
        return badEntry(entry, "its type is too long or no plain text");
    if (hasDots && !isAffiliationSet)
        return badEntry(entry, "a unit of its DN has a dot, which separates parts of affiliations");
    RETURN_IF_ERROR(checkAffiliation(entry, row.affiliation));
    row.attributes = withFixedAttributes(std::move(attributes), row.id, row.type, row.affiliation);
    return row;
}

Result<IdentityRow> DirectoryUsers::find(const std::string& id) {
    if (id.empty() || id.size() > kMostId || !isPlain(id))
        return makeError(StatusCode::kInvalidArgument, "BAD_USER_NAME",
                         "a name has 1 to 64 bytes of UTF-8 without control characters");
    ASSIGN_OR_RETURN(const DirectoryEntry entry, m_directory->find(id));
    return identityOf(id, entry);
}

Result<IdentityRow> DirectoryUsers::login(const std::string& id, const std::string& password) {
    if (id.empty() || id.size() > kMostId || !isPlain(id))
        return makeError(StatusCode::kInvalidArgument, "BAD_USER_NAME",
                         "a name has 1 to 64 bytes of UTF-8 without control characters");
    // Before anything is asked: directories let in whoever gives no password, as nobody.
    if (password.empty())
        return makeError(StatusCode::kUnauthenticated, "WRONG_PASSWORD",
                         "an empty password is nobody's");
    ASSIGN_OR_RETURN(const DirectoryEntry entry, m_directory->find(id));
    RETURN_IF_ERROR(m_directory->checkPassword(entry.dn, password));
    return identityOf(id, entry);
}

}  // namespace chancery::node
