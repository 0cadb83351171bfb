#pragma once

#include <QObject>
#include <algorithm>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <stop_token>
#include <vector>

#include "src/base/Status.h"
#include "ui/bridge/GuiExecutor.h"

namespace chancery::ui {

/// Rows of a list that may have millions of them, newest first, of which only what is looked at is
/// kept: 20 pages of 500. Pages are asked for when one of their rows is wanted and arrive later.
/// Rows are counted from the oldest one inside, so that a list that grows at its head keeps what
/// it has. GUI thread only.
template <class Row>
class PagedRows {
public:
    static constexpr std::uint64_t kPageRows = 500;
    static constexpr std::size_t kPages = 20;
    static constexpr std::size_t kRequests = 4;

    struct Part {
        std::vector<Row> rows;
        std::uint64_t total = 0;
    };
    /// Row `first` and `count` behind it, newest first; called on the pool.
    using Fetch =
        std::function<Result<Part>(std::uint64_t first, std::size_t count, std::stop_token)>;

    /// What the owner does around changes of the number of rows, and when rows arrived.
    struct Hooks {
        std::function<void(std::uint64_t more)> aboutToGrow;
        std::function<void()> grown;
        std::function<void()> aboutToReset;
        std::function<void()> reset;
        std::function<void(std::uint64_t first, std::uint64_t last)> arrived;
        std::function<void(const chancery::Status&)> failed;
    };

    PagedRows(QObject* owner, Hooks hooks) : m_owner(owner), m_hooks(std::move(hooks)) {}

    std::uint64_t total() const { return m_total; }
    bool known() const { return m_known; }

    /// Shows another list. The old rows stay until the first page of the new one is here.
    void setFetch(Fetch fetch) {
        m_requests.clear();
        m_order.clear();
        m_fetch = std::move(fetch);
        m_replace = true;
        if (m_fetch)
            request(std::nullopt);
        else
            start(0, {});
    }

    /// Asks whether there are more rows now, and for rows that may read differently.
    void refresh() {
        if (!m_fetch || m_requests.contains(std::nullopt)) return;
        for (auto& [number, page] : m_pages) page.stale = true;
        request(std::nullopt);
    }

    /// Null: not here yet, but asked for.
    const Row* at(std::uint64_t row) {
        if (row >= m_total) return nullptr;
        const std::uint64_t ordinal = m_total - 1 - row;
        const auto found = m_pages.find(ordinal / kPageRows);
        if (found == m_pages.end()) {
            request(ordinal / kPageRows);
            return nullptr;
        }
        Page& page = found->second;
        page.used = ++m_clock;
        const auto& slot = page.slots[ordinal % kPageRows];
        if (page.stale || !slot) request(ordinal / kPageRows);
        return slot ? &*slot : nullptr;
    }

    /// As at(), but never asks.
    const Row* peek(std::uint64_t row) const {
        if (row >= m_total) return nullptr;
        const std::uint64_t ordinal = m_total - 1 - row;
        const auto found = m_pages.find(ordinal / kPageRows);
        if (found == m_pages.end() || !found->second.slots[ordinal % kPageRows]) return nullptr;
        return &*found->second.slots[ordinal % kPageRows];
    }

    std::size_t pagesHeld() const { return m_pages.size(); }

private:
    struct Page {
        std::vector<std::optional<Row>> slots{static_cast<std::size_t>(kPageRows)};
        std::uint64_t used = 0;
        bool stale = false;
    };
    /// A page; or, without a number, the newest rows and the total.
    using Key = std::optional<std::uint64_t>;

    void request(Key key) {
        if (m_requests.contains(key)) return;
        // Whoever scrolls fast passes pages that nobody wants any more when they come.
        if (m_requests.size() >= kRequests)
            for (auto oldest = m_order.begin(); oldest != m_order.end(); ++oldest)
                if (*oldest) {
                    m_requests.erase(*oldest);
                    m_order.erase(oldest);
                    break;
                }
        std::uint64_t first = 0;
        std::uint64_t count = kPageRows;
        if (key) {
            const std::uint64_t begin = *key * kPageRows;
            const std::uint64_t end = std::min(m_total, begin + kPageRows);
            first = m_total - end;
            count = end - begin;
        }
        m_order.push_back(key);
        m_requests.insert_or_assign(key, call(
                                             m_owner,
                                             [fetch = m_fetch, first, count](std::stop_token stop) {
                                                 return fetch(
                                                     first, static_cast<std::size_t>(count), stop);
                                             },
                                             [this, key, first](Result<Part> part) {
                                                 m_order.remove(key);
                                                 // The handle must not be destroyed from within its
                                                 // own call's value.
                                                 auto handle = m_requests.extract(key);
                                                 arrived(first, std::move(part));
                                             }));
    }

    void arrived(std::uint64_t first, Result<Part> part) {
        if (!part.ok()) {
            if (m_replace) start(0, {});
            if (m_hooks.failed) m_hooks.failed(part.status());
            return;
        }
        if (m_replace || part->total < m_total)
            start(first, std::move(*part));
        else
            merge(first, std::move(*part));
    }

    void start(std::uint64_t first, Part part) {
        m_replace = false;
        m_hooks.aboutToReset();
        m_requests.clear();
        m_order.clear();
        m_pages.clear();
        m_known = true;
        m_total = part.total;
        store(first, part);
        m_hooks.reset();
    }

    void merge(std::uint64_t first, Part part) {
        if (part.total > m_total) {
            m_hooks.aboutToGrow(part.total - m_total);
            m_total = part.total;
            store(first, part);
            m_hooks.grown();
        } else {
            store(first, part);
        }
        if (!part.rows.empty()) m_hooks.arrived(first, first + part.rows.size() - 1);
    }

    void store(std::uint64_t first, Part& part) {
        for (std::size_t i = 0; i < part.rows.size() && first + i < m_total; ++i) {
            const std::uint64_t ordinal = m_total - 1 - first - i;
            Page& page = m_pages[ordinal / kPageRows];
            page.used = ++m_clock;
            page.stale = false;
            page.slots[ordinal % kPageRows] = std::move(part.rows[i]);
        }
        while (m_pages.size() > kPages) {
            auto oldest = m_pages.begin();
            for (auto page = m_pages.begin(); page != m_pages.end(); ++page)
                if (page->second.used < oldest->second.used) oldest = page;
            m_pages.erase(oldest);
        }
    }

    QObject* m_owner;
    Hooks m_hooks;
    Fetch m_fetch;
    bool m_replace = false;
    bool m_known = false;
    std::uint64_t m_total = 0;
    std::uint64_t m_clock = 0;
    std::map<std::uint64_t, Page> m_pages;
    std::map<Key, CallHandle> m_requests;
    std::list<Key> m_order;
};

}  // namespace chancery::ui
