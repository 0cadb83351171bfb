#include "node/state/MangoQuery.h"

#include <fmt/format.h>

#include "node/state/Collation.h"
#include "node/state/Document.h"

namespace chancery::node {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxQueryBytes = 1U << 20;
constexpr std::uint64_t kMaxSkip = 1ULL << 40;

Status parseSort(const json& sort, MangoQuery& out) {
    if (!sort.is_array()) return badQuery("sort", "not a list");
    std::optional<bool> descending;
    for (std::size_t i = 0; i < sort.size(); ++i) {
        const std::string path = fmt::format("sort[{}]", i);
        const json& one = sort[i];
        bool isDescending = false;
        if (one.is_string()) {
            out.sort.push_back(one.get<std::string>());
        } else if (one.is_object() && one.size() == 1 && one.begin()->is_string()) {
            out.sort.push_back(one.begin().key());
            const auto& direction = one.begin()->get_ref<const std::string&>();
            if (direction != "asc" && direction != "desc")
                return badQuery(path, "neither asc nor desc");
            isDescending = direction == "desc";
        } else {
            return badQuery(path, "neither a field nor {field: direction}");
        }
        if (descending.value_or(isDescending) != isDescending)
            return badQuery(path, "all fields must have the same direction");
        descending = isDescending;
    }
    out.isDescending = descending.value_or(false);
    return absl::OkStatus();
}

Status parseFields(const json& fields, MangoQuery& out) {
    if (!fields.is_array()) return badQuery("fields", "not a list");
    if (fields.empty()) return absl::OkStatus();  // all of them
    out.fields.emplace();
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (!fields[i].is_string()) return badQuery(fmt::format("fields[{}]", i), "not a text");
        out.fields->push_back(splitField(fields[i].get_ref<const std::string&>()));
    }
    return absl::OkStatus();
}

Status parseIndex(const json& index, MangoQuery& out) {
    std::string design;
    if (index.is_string()) {
        design = index.get<std::string>();
    } else if (index.is_array() && !index.empty() && index.size() <= 2 && index[0].is_string() &&
               index.back().is_string()) {
        design = index[0].get<std::string>();
        if (index.size() == 2) out.indexName = index[1].get<std::string>();
    } else {
        return badQuery("use_index", "neither a design document nor a list of it and a name");
    }
    constexpr std::string_view kPrefix = "_design/";
    if (design.starts_with(kPrefix)) design.erase(0, kPrefix.size());
    if (const std::size_t slash = design.find('/');
        slash != std::string::npos && out.indexName.empty()) {
        out.indexName = design.substr(slash + 1);
        design.resize(slash);
    }
    out.indexDesign = std::move(design);
    return absl::OkStatus();
}

Status checkNumber(const json& query, const char* name, std::uint64_t& out) {
    const auto found = query.find(name);
    if (found == query.end()) return absl::OkStatus();
    if (!found->is_number_unsigned() || found->get<std::uint64_t>() > kMaxSkip)
        return badQuery(name, "not a number from 0 on");
    out = found->get<std::uint64_t>();
    return absl::OkStatus();
}

void copyField(const json& from, const FieldPath& path, json& to) {
    const json* value = fieldOf(from, path);
    if (value == nullptr) return;
    json* at = &to;
    for (const std::string& name : path) {
        if (!at->is_object()) *at = json::object();
        at = &(*at)[name];
    }
    *at = *value;
}

}  // namespace

Result<MangoQuery> MangoQuery::parse(std::string_view text) {
    if (text.size() > kMaxQueryBytes) return badQuery("", "too long");
    const auto query = parseJson(text);
    if (!query || !query->is_object()) return badQuery("", "not a JSON object");
    MangoQuery out;
    const auto selector = query->find("selector");
    if (selector == query->end()) return badQuery("selector", "missing");
    ASSIGN_OR_RETURN(out.selector, Selector::parse(*selector));
    if (query->contains("sort")) RETURN_IF_ERROR(parseSort((*query)["sort"], out));
    if (query->contains("fields")) RETURN_IF_ERROR(parseFields((*query)["fields"], out));
    if (query->contains("use_index")) RETURN_IF_ERROR(parseIndex((*query)["use_index"], out));
    std::uint64_t limit = 0;
    RETURN_IF_ERROR(checkNumber(*query, "limit", limit));
    RETURN_IF_ERROR(checkNumber(*query, "skip", out.skip));
    return out;
}

std::string MangoQuery::present(const json& document) const {
    json out = json::object();
    if (fields)
        for (const FieldPath& path : *fields) copyField(document, path, out);
    else
        out = document;
    out.erase("_id");
    return canonicalJson(out);
}

}  // namespace chancery::node
