#include "ui/models/LinkHistory.h"

namespace chancery::ui {
namespace {
constexpr qsizetype kMax = 200;
}

void LinkHistory::visit(const Link& link) {
    if (m_at >= 0 && m_links[m_at] == link) return;
    m_links.resize(m_at + 1);
    m_links.append(link);
    if (m_links.size() > kMax) m_links.removeFirst();
    m_at = m_links.size() - 1;
}

void LinkHistory::replace(const Link& link) {
    if (m_at >= 0) m_links[m_at] = link;
}

std::optional<Link> LinkHistory::back() {
    if (!canGoBack()) return std::nullopt;
    return m_links[--m_at];
}

std::optional<Link> LinkHistory::forward() {
    if (!canGoForward()) return std::nullopt;
    return m_links[++m_at];
}

void LinkHistory::forget(const std::function<bool(const Link&)>& gone) {
    for (qsizetype i = m_links.size() - 1; i >= 0; --i) {
        const bool twice = i + 1 < m_links.size() && m_links[i] == m_links[i + 1];
        if (!gone(m_links[i]) && !twice) continue;
        m_links.removeAt(i);
        if (m_at > i || (m_at == i && m_at == m_links.size())) --m_at;
    }
}

std::optional<Link> LinkHistory::current() const {
    if (m_at < 0) return std::nullopt;
    return m_links[m_at];
}

}  // namespace chancery::ui
