#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "node/ca/Directory.h"

namespace chancery::node {

/// What Fabric CA calls a converter: makes a text from the entry of a user.
///
///     attr("member")  attr("member", ":")      values of an attribute, with commas between them
///     map(attr("member"), "groups")            with what the map "groups" replaces
///     if(DN =~ "ou=ops", "true", "false")
///     DN  affiliation  "text"  'text'  true  false
///     ==  !=  =~  !~  !  &&  ||  ( )           =~: a regular expression finds something
///
/// Immutable; safe to use from several threads.
class DirectoryExpression {
public:
    /// INVALID_ARGUMENT (BAD_EXPRESSION) with the place; also for values that do not go together.
    static Result<DirectoryExpression> parse(std::string_view text, const DirectoryMaps& maps);

    /// The attributes it looks at, in lower case.
    const std::set<std::string>& attributes() const;
    /// "true" or "false" for a condition. FAILED_PRECONDITION (DIRECTORY_VALUE_TOO_LONG) when a
    /// text on the way has more than 64 KiB.
    Result<std::string> evaluate(const DirectoryEntry& entry) const;

    static constexpr std::size_t kMostText = 64 << 10;

private:
    struct Node;
    class Parser;
    struct Parsed;
    explicit DirectoryExpression(std::shared_ptr<const Parsed> parsed)
        : m_parsed(std::move(parsed)) {}
    static Result<std::string> textOf(const Node& node, const DirectoryEntry& entry);
    static Result<bool> truthOf(const Node& node, const DirectoryEntry& entry);

    std::shared_ptr<const Parsed> m_parsed;
};

/// The parts of `units` with dots between them.
std::string affiliationOf(const DirectoryEntry& entry);

}  // namespace chancery::node
