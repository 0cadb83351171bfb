#include "node/state/Selector.h"

#include <fmt/format.h>

#include <re2/re2.h>

#include <algorithm>
#include <functional>

#include "node/state/Collation.h"

namespace chancery::node {

using nlohmann::json;

/// A test on a value. Conditions on fields are nodes of kind Field around conditions on values.
struct Selector::Node {
    enum class Kind {
        All,     // every part
        Any,     // some part
        Not,     // not the only part
        Field,   // the field exists and its value meets the only part
        Absent,  // there is no such field
        Present,
        Less,
        LessOrEqual,
        Equal,
        NotEqual,
        GreaterOrEqual,
        Greater,
        In,
        NotIn,
        ContainsAll,
        Element,  // some element meets the only part
        Elements,
        Key,  // some key of an object
        Type,
        Size,
        Mod,
        Regex,
        Begins,
    };
    Kind kind = Kind::All;
    std::vector<Node> parts;
    FieldPath field;
    std::string fieldName;
    Bytes key;                // collation key of the argument
    std::vector<Bytes> keys;  // of a list of them
    std::string text;
    std::int64_t first = 0, second = 0;
    std::shared_ptr<const RE2> regex;

    bool matches(const json& value) const;
};

namespace {

using Node = Selector::Node;
using Kind = Node::Kind;

constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxParts = 10'000;
constexpr std::int64_t kRegexMemory = 1 << 20;

std::string_view typeOf(const json& value) {
    if (value.is_null()) return "null";
    if (value.is_boolean()) return "boolean";
    if (value.is_number()) return "number";
    if (value.is_string()) return "string";
    return value.is_array() ? "array" : "object";
}

class Parser {
public:
    /// What stands where a document, or a value, is judged.
    Result<Node> parse(const json& selector, const std::string& path, bool negated) {
        if (++m_parts > kMaxParts) return badQuery(path, "the selector has too many parts");
        if (m_depth >= kMaxDepth) return badQuery(path, "the selector is too deep");
        ++m_depth;
        auto node = parseHere(selector, path, negated);
        --m_depth;
        return node;
    }

private:
    Result<Node> parseHere(const json& selector, const std::string& path, bool negated) {
        if (!selector.is_object()) return compare(Kind::Equal, selector, negated);
        Node all{.kind = negated ? Kind::Any : Kind::All};
        for (const auto& [name, argument] : selector.items()) {
            const std::string here = path + "." + name;
            ASSIGN_OR_RETURN(Node part, name.starts_with('$')
                                            ? operation(name, argument, here, negated)
                                            : field(name, argument, here, negated));
            all.parts.push_back(std::move(part));
        }
        return all;
    }

    Result<Node> field(const std::string& name, const json& argument, const std::string& path,
                       bool negated) {
        Node node{.kind = Kind::Field, .field = splitField(name), .fieldName = name};
        if (!argument.is_object() || argument.empty()) {
            ASSIGN_OR_RETURN(Node equal, compare(Kind::Equal, argument, negated));
            node.parts.push_back(std::move(equal));
            return node;
        }
        // {"$exists": …} judges the field and not its value.
        if (argument.contains("$exists")) {
            Node both{.kind = negated ? Kind::Any : Kind::All};
            const json& exists = argument["$exists"];
            if (!exists.is_boolean()) return badQuery(path + ".$exists", "not true or false");
            both.parts.push_back(
                {.kind = exists.get<bool>() != negated ? Kind::Present : Kind::Absent,
                 .field = node.field,
                 .fieldName = name});
            json rest = argument;
            rest.erase("$exists");
            if (rest.empty()) return std::move(both.parts[0]);
            ASSIGN_OR_RETURN(Node more, field(name, rest, path, negated));
            both.parts.push_back(std::move(more));
            return both;
        }
        ASSIGN_OR_RETURN(Node condition, parse(argument, path, negated));
        node.parts.push_back(std::move(condition));
        return node;
    }

    Result<Node> operation(const std::string& name, const json& argument, const std::string& path,
                           bool negated) {
        if (name == "$and") return list(Kind::All, argument, path, negated);
        if (name == "$or") return list(Kind::Any, argument, path, negated);
        if (name == "$nor") return list(Kind::Any, argument, path, !negated);
        if (name == "$not") return parse(argument, path, !negated);
        static const std::map<std::string_view, std::pair<Kind, Kind>> comparisons{
            {"$lt", {Kind::Less, Kind::GreaterOrEqual}},
            {"$lte", {Kind::LessOrEqual, Kind::Greater}},
            {"$eq", {Kind::Equal, Kind::NotEqual}},
            {"$ne", {Kind::NotEqual, Kind::Equal}},
            {"$gte", {Kind::GreaterOrEqual, Kind::Less}},
            {"$gt", {Kind::Greater, Kind::LessOrEqual}}};
        if (const auto found = comparisons.find(name); found != comparisons.end())
            return compare(negated ? found->second.second : found->second.first, argument, false);
        ASSIGN_OR_RETURN(Node node, other(name, argument, path));
        if (!negated) return node;
        if (node.kind == Kind::In || node.kind == Kind::NotIn) {
            node.kind = node.kind == Kind::In ? Kind::NotIn : Kind::In;
            return node;
        }
        Node out{.kind = Kind::Not};
        out.parts.push_back(std::move(node));
        return out;
    }

    Result<Node> list(Kind kind, const json& argument, const std::string& path, bool negated) {
        if (!argument.is_array()) return badQuery(path, "not a list");
        const Kind turned = kind == Kind::All ? Kind::Any : Kind::All;
        Node node{.kind = negated ? turned : kind};
        for (std::size_t i = 0; i < argument.size(); ++i) {
            const std::string here = fmt::format("{}[{}]", path, i);
            if (!argument[i].is_object()) return badQuery(here, "not an object");
            ASSIGN_OR_RETURN(Node part, parse(argument[i], here, negated));
            node.parts.push_back(std::move(part));
        }
        return node;
    }

    static Result<Node> compare(Kind kind, const json& argument, bool negated) {
        if (negated) kind = Kind::NotEqual;
        return Node{.kind = kind, .key = collationKey(argument)};
    }

    Result<Node> other(const std::string& name, const json& argument, const std::string& path) {
        if (name == "$in" || name == "$nin" || name == "$all") {
            if (!argument.is_array()) return badQuery(path, "not a list");
            Node node{.kind = name == "$in"    ? Kind::In
                              : name == "$nin" ? Kind::NotIn
                                               : Kind::ContainsAll};
            for (const auto& element : argument) node.keys.push_back(collationKey(element));
            node.first = argument.size() == 1 && argument[0].is_array() ? 1 : 0;
            return node;
        }
        if (name == "$elemMatch" || name == "$allMatch" || name == "$keyMapMatch") {
            if (!argument.is_object()) return badQuery(path, "not an object");
            Node node{.kind = name == "$elemMatch"  ? Kind::Element
                              : name == "$allMatch" ? Kind::Elements
                                                    : Kind::Key};
            ASSIGN_OR_RETURN(Node part, parse(argument, path, false));
            node.parts.push_back(std::move(part));
            return node;
        }
        if (name == "$size") {
            if (!argument.is_number_unsigned()) return badQuery(path, "not a number from 0 on");
            return Node{.kind = Kind::Size, .first = argument.get<std::int64_t>()};
        }
        if (name == "$mod") {
            if (!argument.is_array() || argument.size() != 2 || !argument[0].is_number_integer() ||
                !argument[1].is_number_integer() || argument[0].get<std::int64_t>() == 0)
                return badQuery(path, "not a divisor other than 0 and a remainder");
            return Node{.kind = Kind::Mod,
                        .first = argument[0].get<std::int64_t>(),
                        .second = argument[1].get<std::int64_t>()};
        }
        return textual(name, argument, path);
    }

    static Result<Node> textual(const std::string& name, const json& argument,
                                const std::string& path) {
        if (name != "$type" && name != "$regex" && name != "$beginsWith")
            return badQuery(path, fmt::format("there is no operator {}", name));
        if (!argument.is_string()) return badQuery(path, "not a text");
        const auto& text = argument.get_ref<const std::string&>();
        if (name == "$beginsWith") return Node{.kind = Kind::Begins, .text = text};
        if (name == "$type") {
            static const std::set<std::string_view> types{"null",   "boolean", "number",
                                                          "string", "array",   "object"};
            if (!types.contains(text))
                return badQuery(path, fmt::format("there is no type {}", text));
            return Node{.kind = Kind::Type, .text = text};
        }
        RE2::Options options(RE2::Quiet);
        options.set_max_mem(kRegexMemory);
        auto regex = std::make_shared<const RE2>(text, options);
        if (!regex->ok())
            return badQuery(path, fmt::format("no regular expression: {}", regex->error()));
        return Node{.kind = Kind::Regex, .text = text, .regex = std::move(regex)};
    }

    std::size_t m_depth = 0;
    std::size_t m_parts = 0;
};

bool isIn(const std::vector<Bytes>& keys, const json& value) {
    const auto has = [&](const json& one) {
        return std::find(keys.begin(), keys.end(), collationKey(one)) != keys.end();
    };
    if (value.is_array()) return std::any_of(value.begin(), value.end(), has);
    return has(value);
}

bool containsAll(const Node& node, const json& value) {
    if (!value.is_array() || node.keys.empty()) return false;
    std::set<Bytes> there;
    for (const auto& element : value) there.insert(collationKey(element));
    const bool all = std::all_of(node.keys.begin(), node.keys.end(),
                                 [&](const Bytes& key) { return there.contains(key); });
    return all || (node.first == 1 && collationKey(value) == node.keys[0]);
}

bool hasRemainder(const Node& node, const json& value) {
    if (!value.is_number_integer()) return false;
    if (value.is_number_unsigned()) {
        const auto number = value.get<std::uint64_t>();
        const auto divisor =
            static_cast<std::uint64_t>(node.first < 0 ? -(node.first + 1) : node.first - 1) + 1;
        return static_cast<std::int64_t>(number % divisor) == node.second;
    }
    const auto number = value.get<std::int64_t>();
    return (node.first == -1 ? 0 : number % node.first) == node.second;
}

void narrow(std::map<std::string, FieldRange>& ranges, const std::string& field,
            const Node& condition) {
    FieldRange& range = ranges[field];
    const auto above = [&](const Bytes& low) { range.low = std::max(range.low, low); };
    const auto below = [&](const Bytes& high) {
        if (!range.high || high < *range.high) range.high = high;
    };
    switch (condition.kind) {
        case Kind::Equal:
            above(condition.key);
            below(condition.key);
            range.isPoint = range.low == condition.key && *range.high == condition.key;
            break;
        case Kind::Less:
        case Kind::LessOrEqual:
            below(condition.key);
            break;
        case Kind::Greater:
        case Kind::GreaterOrEqual:
            above(condition.key);
            break;
        case Kind::All:
            for (const Node& part : condition.parts) narrow(ranges, field, part);
            break;
        default:
            break;
    }
}

void collect(std::map<std::string, FieldRange>& ranges, const Node& node) {
    if (node.kind == Kind::Field) narrow(ranges, node.fieldName, node.parts[0]);
    if (node.kind == Kind::Present) ranges[node.fieldName];
    if (node.kind == Kind::All)
        for (const Node& part : node.parts) collect(ranges, part);
}

}  // namespace

bool Selector::Node::matches(const json& value) const {
    const auto part = [&](const json& inner) { return parts[0].matches(inner); };
    switch (kind) {
        case Kind::All:
            return std::all_of(parts.begin(), parts.end(),
                               [&](const Node& node) { return node.matches(value); });
        case Kind::Any:
            return std::any_of(parts.begin(), parts.end(),
                               [&](const Node& node) { return node.matches(value); });
        case Kind::Not:
            return !part(value);
        case Kind::Field: {
            const json* found = fieldOf(value, field);
            return found != nullptr && part(*found);
        }
        case Kind::Absent:
            return fieldOf(value, field) == nullptr;
        case Kind::Present:
            return fieldOf(value, field) != nullptr;
        case Kind::Less:
            return collationKey(value) < key;
        case Kind::LessOrEqual:
            return collationKey(value) <= key;
        case Kind::Equal:
            return collationKey(value) == key;
        case Kind::NotEqual:
            return collationKey(value) != key;
        case Kind::GreaterOrEqual:
            return collationKey(value) >= key;
        case Kind::Greater:
            return collationKey(value) > key;
        case Kind::In:
            return isIn(keys, value);
        case Kind::NotIn:
            return !isIn(keys, value);
        case Kind::ContainsAll:
            return containsAll(*this, value);
        case Kind::Element:
            return value.is_array() && std::any_of(value.begin(), value.end(), part);
        case Kind::Elements:
            return value.is_array() && !value.empty() &&
                   std::all_of(value.begin(), value.end(), part);
        case Kind::Key: {
            if (!value.is_object()) return false;
            for (const auto& [name, member] : value.items())
                if (part(json(name))) return true;
            return false;
        }
        case Kind::Type:
            return typeOf(value) == text;
        case Kind::Size:
            return value.is_array() && value.size() == static_cast<std::size_t>(first);
        case Kind::Mod:
            return hasRemainder(*this, value);
        case Kind::Regex:
            return value.is_string() &&
                   RE2::PartialMatch(value.get_ref<const std::string&>(), *regex);
        case Kind::Begins:
            return value.is_string() && value.get_ref<const std::string&>().starts_with(text);
    }
    return false;
}

Status badQuery(const std::string& path, std::string_view why) {
    return makeError(StatusCode::kInvalidArgument, "BAD_QUERY",
                     fmt::format("{}: {}", path.empty() ? "query" : path, why), {{"path", path}});
}

FieldPath splitField(std::string_view name) {
    FieldPath path(1);
    for (std::size_t at = 0; at < name.size(); ++at) {
        if (name[at] == '\\' && at + 1 < name.size() && name[at + 1] == '.')
            path.back().push_back(name[++at]);
        else if (name[at] == '.')
            path.emplace_back();
        else
            path.back().push_back(name[at]);
    }
    return path;
}

const json* fieldOf(const json& document, const FieldPath& path) {
    const json* at = &document;
    for (const std::string& name : path) {
        if (!at->is_object()) return nullptr;
        const auto found = at->find(name);
        if (found == at->end()) return nullptr;
        at = &*found;
    }
    return at;
}

Result<Selector> Selector::parse(const json& selector, const std::string& path) {
    if (!selector.is_object()) return badQuery(path, "not an object");
    ASSIGN_OR_RETURN(Node root, Parser().parse(selector, path, false));
    Selector out;
    collect(out.m_required, root);
    out.m_root = std::make_shared<const Node>(std::move(root));
    return out;
}

bool Selector::matches(const json& document) const {
    return m_root->matches(document);
}

}  // namespace chancery::node
