#pragma once

#include <concepts>
#include <memory>
#include <utility>

#include "src/base/Bytes.h"

namespace chancery::protocol {

/// A decoder that gives views must not be called with bytes that end with the call: overloads for
/// this are deleted.
template <class T>
concept Temporary = std::same_as<T, Bytes>;

/// Bytes together with whatever keeps them alive: a buffer, a mapped file, the block that they were
/// cut from. A cheap handle; the bytes never change.
class SharedBytes {
public:
    SharedBytes() = default;
    explicit SharedBytes(Bytes bytes) {
        auto owned = std::make_shared<const Bytes>(std::move(bytes));
        m_view = *owned;
        m_owner = std::move(owned);
    }
    /// `view` must stay valid as long as `owner` lives.
    SharedBytes(std::shared_ptr<const void> owner, BytesView view)
        : m_owner(std::move(owner)), m_view(view) {}

    BytesView view() const { return m_view; }
    std::size_t size() const { return m_view.size(); }
    const std::shared_ptr<const void>& owner() const { return m_owner; }

    /// A part of these bytes (a view into them) that keeps the whole alive.
    SharedBytes slice(BytesView part) const { return {m_owner, part}; }

private:
    std::shared_ptr<const void> m_owner;
    BytesView m_view;
};

}  // namespace chancery::protocol
