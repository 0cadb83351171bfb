#include "node/ca/Attributes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "src/base/Encoding.h"

namespace chancery::node {
namespace {

constexpr std::array kBooleans = {attribute::kRevoker, attribute::kIntermediateCa,
                                  attribute::kGenCrl, attribute::kAffiliationMgr};
constexpr std::array kLists = {attribute::kRoles, attribute::kDelegateRoles,
                               attribute::kRegistrarAttributes};
constexpr std::array kFixed = {attribute::kEnrollmentId, attribute::kType, attribute::kAffiliation};

template <std::size_t count>
bool isOneOf(std::string_view name, const std::array<std::string_view, count>& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

Status no(std::string_view name, std::string_view why) {
    return makeError(StatusCode::kPermissionDenied, "MAY_NOT_REGISTER_ATTRIBUTE",
                     fmt::format("attribute '{}': {}", printable(name, 128), why));
}

std::string valueOf(const Attributes& attributes, std::string_view name) {
    const Attribute* found = findAttribute(attributes, name);
    return found == nullptr ? std::string() : found->value;
}

/// Names, and beginnings of names that end in an asterisk.
bool isCovered(std::string_view name, const std::vector<std::string>& patterns) {
    return std::any_of(patterns.begin(), patterns.end(), [&](std::string_view pattern) {
        if (!pattern.ends_with('*')) return name == pattern;
        while (pattern.ends_with('*')) pattern.remove_suffix(1);
        return name.starts_with(pattern);
    });
}

bool isSubset(std::string_view small, std::string_view big) {
    const auto all = listItems(big);
    const auto wanted = listItems(small);
    return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& item) {
        return item.empty() || std::any_of(all.begin(), all.end(), [&](const std::string& one) {
                   return equalsIgnoringCase(one, item);
               });
    });
}

Status checkBoolean(const Attribute& wanted, const std::string& own) {
    if (!readBoolean(own).value_or(false))
        return no(wanted.name, "the registrar does not have it with the value true");
    if (!wanted.value.empty() && !readBoolean(wanted.value))
        return no(wanted.name, "its value must be true or false");
    return absl::OkStatus();
}

/// hf.Registrar.Attributes: what is handed on must be one's own, and the receiver must have the
/// rights among them.
Status checkRegistrarAttributes(const Attribute& wanted, const std::string& own,
                                const Attributes& requested, const Attributes* present) {
    const auto patterns = listItems(own);
    for (const std::string& name : listItems(wanted.value)) {
        if (!isCovered(name, patterns))
            return no(wanted.name,
                      fmt::format("the registrar may not register '{}'", printable(name, 128)));
        if (!name.starts_with("hf.") || findAttribute(requested, name) != nullptr) continue;
        if (present == nullptr || findAttribute(*present, name) == nullptr)
            return no(wanted.name,
                      fmt::format("the identity itself does not have '{}'", printable(name, 128)));
    }
    return absl::OkStatus();
}

Status checkList(const Attribute& wanted, const std::string& own, const Attributes& requested,
                 const Attributes* present) {
    if (wanted.value.empty()) return absl::OkStatus();
    if (wanted.name == attribute::kRegistrarAttributes)
        return checkRegistrarAttributes(wanted, own, requested, present);
    if (!listContains(own, "*") && !isSubset(wanted.value, own))
        return no(wanted.name, "it has more than the registrar's own");
    if (wanted.name != attribute::kDelegateRoles) return absl::OkStatus();
    std::string roles = valueOf(requested, attribute::kRoles);
    if (roles.empty() && present != nullptr) roles = valueOf(*present, attribute::kRoles);
    if (!listContains(roles, "*") && !isSubset(wanted.value, roles))
        return no(wanted.name, "it has more than the roles of the identity");
    return absl::OkStatus();
}

Status checkOne(const Attribute& wanted, const Attributes& requested, const Attributes* present,
                const Attributes& registrar) {
    const Attribute* may = findAttribute(registrar, attribute::kRegistrarAttributes);
    if (may == nullptr || may->value.empty())
        return no(wanted.name, "the registrar may not register any attributes");
    if (!isCovered(wanted.name, listItems(may->value)))
        return no(wanted.name, "the registrar may not register it");
    if (isOneOf(wanted.name, kFixed)) return no(wanted.name, "only the CA sets it");
    const bool isBoolean = isOneOf(wanted.name, kBooleans);
    if (!isBoolean && !isOneOf(wanted.name, kLists)) {
        if (wanted.name.starts_with("hf.")) return no(wanted.name, "there is no such right");
        return absl::OkStatus();
    }
    const Attribute* own = findAttribute(registrar, wanted.name);
    if (own == nullptr) return no(wanted.name, "the registrar does not have it");
    return isBoolean ? checkBoolean(wanted, own->value)
                     : checkList(wanted, own->value, requested, present);
}

}  // namespace

const Attribute* findAttribute(const Attributes& attributes, std::string_view name) {
    const auto found = std::find_if(attributes.begin(), attributes.end(),
                                    [&](const Attribute& one) { return one.name == name; });
    return found == attributes.end() ? nullptr : &*found;
}

Attributes administratorAttributes() {
    Attributes all;
    for (const std::string_view name : kLists) all.push_back({std::string(name), "*", false});
    for (const std::string_view name : kBooleans) all.push_back({std::string(name), "true", false});
    return all;
}

void mergeAttributes(Attributes& into, const Attributes& changes) {
    for (const Attribute& change : changes) {
        const auto found = std::find_if(into.begin(), into.end(), [&](const Attribute& one) {
            return one.name == change.name;
        });
        if (found == into.end()) {
            if (!change.value.empty()) into.push_back(change);
        } else if (change.value.empty()) {
            into.erase(found);
        } else {
            *found = change;
        }
    }
}

std::optional<bool> readBoolean(std::string_view text) {
    for (const std::string_view yes : {"1", "t", "T", "TRUE", "true", "True"})
        if (text == yes) return true;
    for (const std::string_view not_ : {"0", "f", "F", "FALSE", "false", "False"})
        if (text == not_) return false;
    return std::nullopt;
}

std::vector<std::string> listItems(std::string_view list) {
    std::vector<std::string> items;
    for (std::size_t at = 0; at <= list.size();) {
        const std::size_t end = std::min(list.find(',', at), list.size());
        std::string item(list.substr(at, end - at));
        std::erase(item, ' ');
        items.push_back(std::move(item));
        at = end + 1;
    }
    return items;
}

bool listContains(std::string_view list, std::string_view item) {
    const auto items = listItems(list);
    return std::find(items.begin(), items.end(), item) != items.end();
}

bool equalsIgnoringCase(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

Status mayRegister(const Attributes& requested, const Attributes* present,
                   const Attributes& registrar) {
    for (const Attribute& wanted : requested)
        RETURN_IF_ERROR(checkOne(wanted, requested, present, registrar));
    return absl::OkStatus();
}

}  // namespace chancery::node
