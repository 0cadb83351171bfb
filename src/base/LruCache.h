#pragma once

#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace chancery {

/// Keeps the values of the most recently used keys. Thread-safe; values are copied out, so they
/// should be cheap handles.
template <class Value>
class LruCache {
public:
    explicit LruCache(std::size_t capacity) : m_capacity(capacity) {}

    std::optional<Value> find(std::string_view key) {
        const std::lock_guard lock(m_mutex);
        const auto found = m_index.find(key);
        if (found == m_index.end()) return std::nullopt;
        m_order.splice(m_order.begin(), m_order, found->second);
        return found->second->second;
    }

    void insert(std::string key, Value value) {
        const std::lock_guard lock(m_mutex);
        if (const auto found = m_index.find(key); found != m_index.end()) {
            found->second->second = std::move(value);
            m_order.splice(m_order.begin(), m_order, found->second);
            return;
        }
        m_order.emplace_front(std::move(key), std::move(value));
        m_index.emplace(m_order.front().first, m_order.begin());
        if (m_order.size() > m_capacity) {
            m_index.erase(m_order.back().first);
            m_order.pop_back();
        }
    }

    void clear() {
        const std::lock_guard lock(m_mutex);
        m_index.clear();
        m_order.clear();
    }

    std::size_t size() const {
        const std::lock_guard lock(m_mutex);
        return m_order.size();
    }

private:
    using Entry = std::pair<std::string, Value>;
    std::size_t m_capacity;
    mutable std::mutex m_mutex;
    std::list<Entry> m_order;  // most recent first
    std::unordered_map<std::string_view, typename std::list<Entry>::iterator>
        m_index;  // views into m_order
};

}  // namespace chancery
