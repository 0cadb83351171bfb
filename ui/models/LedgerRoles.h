#pragma once

#include <QMetaType>
#include <QString>
#include <QVector>

namespace chancery::ui {

/// What the models of the ledger page tell beside Qt's own roles.
enum LedgerRole {
    LoadingRole = Qt::UserRole + 100,  ///< bool: the row is not here yet, its place is kept
    FullTextRole,                      ///< QString: what a shortened cell stands for, for copying
    LevelRole,                         ///< int, LedgerLevel: glyph beside the text
    GroupRole,                         ///< bool: a heading over the rows below it
    SegmentsRole,                      ///< QVector<LedgerSegment>: a value with its changed parts
    ShareRole,                         ///< QVector<double>: all and the invalid ones of a bar
    MspRole,                           ///< QString: MSP id of the organisation to show as a chip
    MonoRole,                          ///< bool: hash, id, key or value
    QuietRole,                         ///< bool: a remark in place of a value
    BlockRole,                         ///< quint64: the block that the row is about
    PositionRole,                      ///< int: position of a transaction in its block; -1 without
    ContractRole,                      ///< QString, for rows that are a key
    CollectionRole,                    ///< QString, likewise
    KeyBytesRole,                      ///< QByteArray, likewise
    HasKeyRole,                        ///< bool: the three above name a key
};

/// How something stands; pages have a glyph and a colour for each.
enum class LedgerLevel { None, Good, Warning, Bad, Pending, Running, Unknown };

/// A part of a value that is compared with another one.
struct LedgerSegment {
    enum class Mark { Plain, Removed, Added };
    QString text;
    Mark mark = Mark::Plain;
    friend bool operator==(const LedgerSegment&, const LedgerSegment&) = default;
};

}  // namespace chancery::ui

Q_DECLARE_METATYPE(chancery::ui::LedgerSegment)
