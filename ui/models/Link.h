#pragma once

#include <QMetaType>
#include <QString>
#include <optional>

namespace chancery::ui {

/// The address of something that can be shown: chancery://network/channel/kind/id. Parts are
/// percent-encoded in the text form. A page alone has the kind "page" and its id.
struct Link {
    QString network;  ///< workspace name; of an opened ledger file "ledger"
    QString channel;  ///< of an opened ledger file the key of the opened ledger
    QString kind;     ///< "page", "block", "tx", "key" …
    QString id;

    QString toString() const;
    /// Nothing for other schemes, missing parts, or more than 4 KiB.
    static std::optional<Link> fromString(const QString& text);
    friend bool operator==(const Link&, const Link&) = default;
};

}  // namespace chancery::ui

Q_DECLARE_METATYPE(chancery::ui::Link)
