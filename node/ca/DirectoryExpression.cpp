#include "node/ca/DirectoryExpression.h"

#include <fmt/format.h>

#include <optional>
#include <regex>

#include "src/base/Encoding.h"

namespace chancery::node {
namespace {

constexpr std::size_t kMostExpression = 4096;
constexpr int kDeepest = 32;

std::string joined(const std::vector<std::string>& values, const std::string& between) {
    std::string all;
    for (const std::string& value : values) {
        if (&value != &values.front()) all += between;
        all += value;
    }
    return all;
}

Status tooLong() {
    return makeError(StatusCode::kFailedPrecondition, "DIRECTORY_VALUE_TOO_LONG",
                     fmt::format("an expression gives a text of more than {} bytes",
                                 DirectoryExpression::kMostText));
}

bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

std::string affiliationOf(const DirectoryEntry& entry) {
    return joined(entry.units, ".");
}

struct DirectoryExpression::Node {
    enum class Kind { Text, Dn, Affiliation, Attr, Map, If, Truth, Equal, Matches, Not, And, Or };

    Kind kind = Kind::Text;
    std::string text;  // of Text; the attribute of Attr
    std::string separator = ",";
    bool truth = false;
    DirectoryMap map;
    std::optional<std::regex> pattern;
    std::vector<Node> parts;

    bool isCondition() const {
        switch (kind) {
            case Kind::Truth:
            case Kind::Equal:
            case Kind::Matches:
            case Kind::Not:
            case Kind::And:
            case Kind::Or:
                return true;
            case Kind::If:
                return parts[1].isCondition();
            default:
                return false;
        }
    }
};

struct DirectoryExpression::Parsed {
    Node root;
    std::set<std::string> attributes;
};

/// Recursive descent; what binds least comes first.
class DirectoryExpression::Parser {
public:
    Parser(std::string_view text, const DirectoryMaps& maps) : m_text(text), m_maps(maps) {}

    Result<Parsed> parse() {
        if (m_text.size() > kMostExpression) return bad("it is too long");
        ASSIGN_OR_RETURN(Node root, parseOr());
        skipBlanks();
        if (m_at != m_text.size()) return bad("something stands behind its end");
        return Parsed{std::move(root), std::move(m_attributes)};
    }

private:
    using Kind = Node::Kind;

    Status bad(std::string_view why) const {
        return makeError(
            StatusCode::kInvalidArgument, "BAD_EXPRESSION",
            fmt::format("the expression is not understood at column {}: {}", m_at + 1, why));
    }

    void skipBlanks() {
        while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\t')) ++m_at;
    }
    bool take(std::string_view token) {
        skipBlanks();
        if (!m_text.substr(m_at).starts_with(token)) return false;
        m_at += token.size();
        return true;
    }
    Status need(std::string_view token) {
        return take(token) ? absl::OkStatus() : bad(fmt::format("\"{}\" is missing", token));
    }
    Status needCondition(const Node& node) const {
        return node.isCondition() ? absl::OkStatus() : bad("a condition is asked for, not a text");
    }
    Status needText(const Node& node) const {
        return node.isCondition() ? bad("a text is asked for, not a condition") : absl::OkStatus();
    }

    Result<Node> parseChain(std::string_view token, Kind kind,
                            Result<Node> (Parser::*parsePart)()) {
        ASSIGN_OR_RETURN(Node left, (this->*parsePart)());
        while (take(token)) {
            ASSIGN_OR_RETURN(Node right, (this->*parsePart)());
            RETURN_IF_ERROR(needCondition(left));
            RETURN_IF_ERROR(needCondition(right));
            Node both{.kind = kind};
            both.parts.push_back(std::move(left));
            both.parts.push_back(std::move(right));
            left = std::move(both);
            // Each link of a chain is a level, too.
            if (++m_links > kMostLinks) return bad("it has too many parts");
        }
        return left;
    }
    Result<Node> parseOr() { return parseChain("||", Kind::Or, &Parser::parseAnd); }
    Result<Node> parseAnd() { return parseChain("&&", Kind::And, &Parser::parseComparison); }

    Result<Node> parseComparison() {
        ASSIGN_OR_RETURN(Node left, parseUnary());
        const bool isMatch = take("=~");
        const bool isNoMatch = !isMatch && take("!~");
        if (isMatch || isNoMatch) return parsePattern(std::move(left), isNoMatch);
        const bool isEqual = take("==");
        if (!isEqual && !take("!=")) return left;
        ASSIGN_OR_RETURN(Node right, parseUnary());
        if (left.isCondition() != right.isCondition())
            return bad("a text is held against a condition");
        Node both{.kind = Kind::Equal};
        both.parts.push_back(std::move(left));
        both.parts.push_back(std::move(right));
        return isEqual ? std::move(both) : negated(std::move(both));
    }

    Result<Node> parsePattern(Node left, bool isNegated) {
        RETURN_IF_ERROR(needText(left));
        ASSIGN_OR_RETURN(const std::string pattern, parseLiteral());
        Node match{.kind = Kind::Matches};
        match.parts.push_back(std::move(left));
        try {
            // In time proportional to the text, whatever the pattern.
            match.pattern.emplace(pattern,
                                  std::regex::ECMAScript | std::regex_constants::__polynomial);
        } catch (const std::regex_error&) {
            return bad("this is no regular expression that is understood here");
        }
        return isNegated ? negated(std::move(match)) : std::move(match);
    }

    static Node negated(Node node) {
        Node outer{.kind = Kind::Not};
        outer.parts.push_back(std::move(node));
        return outer;
    }

    Result<Node> parseUnary() {
        if (++m_depth > kDeepest) return bad("it is nested too deeply");
        auto node = parseInner();
        --m_depth;
        return node;
    }

    Result<Node> parseInner() {
        skipBlanks();
        if (!m_text.substr(m_at).starts_with("!~") && !m_text.substr(m_at).starts_with("!=") &&
            take("!")) {
            ASSIGN_OR_RETURN(Node node, parseUnary());
            RETURN_IF_ERROR(needCondition(node));
            return negated(std::move(node));
        }
        if (take("(")) {
            ASSIGN_OR_RETURN(Node node, parseOr());
            RETURN_IF_ERROR(need(")"));
            return node;
        }
        if (m_at < m_text.size() && (m_text[m_at] == '"' || m_text[m_at] == '\'')) {
            ASSIGN_OR_RETURN(std::string text, parseLiteral());
            return Node{.kind = Kind::Text, .text = std::move(text)};
        }
        return parseName();
    }

    Result<std::string> parseLiteral() {
        skipBlanks();
        if (m_at == m_text.size() || (m_text[m_at] != '"' && m_text[m_at] != '\''))
            return bad("a text in quotation marks is missing");
        const char quote = m_text[m_at++];
        std::string text;
        for (; m_at < m_text.size() && m_text[m_at] != quote; ++m_at) {
            // A backslash is one, except in front of what it would end.
            if (m_text[m_at] == '\\' && m_at + 1 < m_text.size() && m_text[m_at + 1] == quote)
                ++m_at;
            text += m_text[m_at];
        }
        if (m_at == m_text.size()) return bad("a quotation mark is missing");
        ++m_at;
        return text;
    }

    Result<Node> parseName() {
        std::string name;
        while (m_at < m_text.size() && isLetter(m_text[m_at])) name += m_text[m_at++];
        if (name == "true" || name == "false")
            return Node{.kind = Kind::Truth, .truth = name == "true"};
        if (name == "DN") return Node{.kind = Kind::Dn};
        if (name == "affiliation") return Node{.kind = Kind::Affiliation};
        if (name == "attr") return parseAttr();
        if (name == "map") return parseMap();
        if (name == "if") return parseIf();
        return bad(name.empty() ? "a value is missing"
                                : fmt::format("\"{}\" is not known", printable(name, 32)));
    }

    Result<Node> parseAttr() {
        Node node{.kind = Kind::Attr};
        RETURN_IF_ERROR(need("("));
        ASSIGN_OR_RETURN(node.text, parseLiteral());
        if (take(",")) {
            ASSIGN_OR_RETURN(node.separator, parseLiteral());
        }
        RETURN_IF_ERROR(need(")"));
        for (char& c : node.text)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (node.text.empty()) return bad("the name of an attribute is missing");
        m_attributes.insert(node.text);
        return node;
    }

    Result<Node> parseMap() {
        Node node{.kind = Kind::Map};
        RETURN_IF_ERROR(need("("));
        ASSIGN_OR_RETURN(Node text, parseOr());
        RETURN_IF_ERROR(needText(text));
        RETURN_IF_ERROR(need(","));
        ASSIGN_OR_RETURN(const std::string name, parseLiteral());
        const auto map = m_maps.find(name);
        if (map == m_maps.end())
            return bad(fmt::format("there is no map \"{}\"", printable(name, 64)));
        RETURN_IF_ERROR(need(")"));
        for (const auto& [from, to] : map->second)
            if (!from.empty()) node.map.emplace_back(from, to);
        node.parts.push_back(std::move(text));
        return node;
    }

    Result<Node> parseIf() {
        Node node{.kind = Kind::If};
        RETURN_IF_ERROR(need("("));
        for (int i = 0; i < 3; ++i) {
            if (i > 0) RETURN_IF_ERROR(need(","));
            ASSIGN_OR_RETURN(Node part, parseOr());
            node.parts.push_back(std::move(part));
        }
        RETURN_IF_ERROR(need(")"));
        RETURN_IF_ERROR(needCondition(node.parts[0]));
        if (node.parts[1].isCondition() != node.parts[2].isCondition())
            return bad("both values of an \"if\" must be texts or conditions");
        return node;
    }

    static constexpr int kMostLinks = 64;

    std::string_view m_text;
    const DirectoryMaps& m_maps;
    std::size_t m_at = 0;
    int m_depth = 0;
    int m_links = 0;
    std::set<std::string> m_attributes;
};

Result<DirectoryExpression> DirectoryExpression::parse(std::string_view text,
                                                       const DirectoryMaps& maps) {
    ASSIGN_OR_RETURN(auto parsed, Parser(text, maps).parse());
    return DirectoryExpression(std::make_shared<const Parsed>(std::move(parsed)));
}

const std::set<std::string>& DirectoryExpression::attributes() const {
    return m_parsed->attributes;
}

Result<std::string> DirectoryExpression::evaluate(const DirectoryEntry& entry) const {
    const Node& root = m_parsed->root;
    if (!root.isCondition()) return textOf(root, entry);
    ASSIGN_OR_RETURN(const bool truth, truthOf(root, entry));
    return std::string(truth ? "true" : "false");
}

Result<std::string> DirectoryExpression::textOf(const Node& node, const DirectoryEntry& entry) {
    switch (node.kind) {
        case Node::Kind::Text:
            return node.text;
        case Node::Kind::Dn:
            return entry.dn;
        case Node::Kind::Affiliation:
            return affiliationOf(entry);
        case Node::Kind::Attr: {
            std::string text = joined(entry.valuesOf(node.text), node.separator);
            if (text.size() > kMostText) return tooLong();
            return text;
        }
        case Node::Kind::Map: {
            ASSIGN_OR_RETURN(std::string text, textOf(node.parts[0], entry));
            for (const auto& [from, to] : node.map)
                for (std::size_t at = text.find(from); at != std::string::npos;
                     at = text.find(from, at + to.size())) {
                    text.replace(at, from.size(), to);
                    if (text.size() > kMostText) return tooLong();
                }
            return text;
        }
        case Node::Kind::If: {
            ASSIGN_OR_RETURN(const bool truth, truthOf(node.parts[0], entry));
            return textOf(node.parts[truth ? 1 : 2], entry);
        }
        default:
            return std::string();
    }
}

Result<bool> DirectoryExpression::truthOf(const Node& node, const DirectoryEntry& entry) {
    const auto& parts = node.parts;
    switch (node.kind) {
        case Node::Kind::Truth:
            return node.truth;
        case Node::Kind::Equal: {
            if (parts[0].isCondition()) {
                ASSIGN_OR_RETURN(const bool left, truthOf(parts[0], entry));
                ASSIGN_OR_RETURN(const bool right, truthOf(parts[1], entry));
                return left == right;
            }
            ASSIGN_OR_RETURN(const std::string left, textOf(parts[0], entry));
            ASSIGN_OR_RETURN(const std::string right, textOf(parts[1], entry));
            return left == right;
        }
        case Node::Kind::Matches: {
            ASSIGN_OR_RETURN(const std::string text, textOf(parts[0], entry));
            try {
                return std::regex_search(text, *node.pattern);
            } catch (const std::regex_error&) {
                return tooLong();
            }
        }
        case Node::Kind::Not: {
            ASSIGN_OR_RETURN(const bool truth, truthOf(parts[0], entry));
            return !truth;
        }
        case Node::Kind::And:
        case Node::Kind::Or: {
            ASSIGN_OR_RETURN(const bool left, truthOf(parts[0], entry));
            if (left == (node.kind == Node::Kind::Or)) return left;
            return truthOf(parts[1], entry);
        }
        case Node::Kind::If: {
            ASSIGN_OR_RETURN(const bool truth, truthOf(parts[0], entry));
            return truthOf(parts[truth ? 1 : 2], entry);
        }
        default:
            return false;
    }
}

}  // namespace chancery::node
