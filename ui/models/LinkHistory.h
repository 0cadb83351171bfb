#pragma once

#include <QList>
#include <functional>
#include <optional>

#include "ui/models/Link.h"

namespace chancery::ui {

/// Where somebody was, for back and forward. The newest 200 places.
class LinkHistory {
public:
    /// A place was reached on purpose: what lay ahead is forgotten. The place where one is already
    /// changes nothing.
    void visit(const Link& link);
    /// The place where one is has a more exact address.
    void replace(const Link& link);
    std::optional<Link> back();
    std::optional<Link> forward();
    bool canGoBack() const { return m_at > 0; }
    bool canGoForward() const { return m_at + 1 < m_links.size(); }
    /// Takes places out that cannot be reached any more, as of a closed ledger.
    void forget(const std::function<bool(const Link&)>& gone);
    std::optional<Link> current() const;

private:
    QList<Link> m_links;
    qsizetype m_at = -1;
};

}  // namespace chancery::ui
