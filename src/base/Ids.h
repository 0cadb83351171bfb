#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <ostream>
#include <string>
#include <utility>

namespace chancery {

/// A string that cannot be mistaken for another kind of name.
template <class Tag>
class StrongString {
public:
    StrongString() = default;
    explicit StrongString(std::string value) : m_value(std::move(value)) {}

    const std::string& str() const { return m_value; }
    bool empty() const { return m_value.empty(); }

    friend auto operator<=>(const StrongString&, const StrongString&) = default;
    friend std::ostream& operator<<(std::ostream& out, const StrongString& id) {
        return out << id.m_value;
    }

private:
    std::string m_value;
};

/// Name of a channel, `[a-z][a-z0-9.-]*`, at most 249 characters.
using ChannelId = StrongString<struct ChannelIdTag>;
/// Identifier of an organisation's membership service provider ("AlphaMSP").
using MspId = StrongString<struct MspIdTag>;
/// Transaction id: lower-case hex of SHA-256 over nonce and creator.
using TxId = StrongString<struct TxIdTag>;

/// Height of a block in its chain; the genesis block is 0.
using BlockNumber = std::uint64_t;

}  // namespace chancery

template <class Tag>
struct std::hash<chancery::StrongString<Tag>> {
    std::size_t operator()(const chancery::StrongString<Tag>& id) const noexcept {
        return std::hash<std::string>()(id.str());
    }
};
