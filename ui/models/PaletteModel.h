#pragma once

#include <QAbstractListModel>
#include <QMap>
#include <QPointer>
#include <vector>

#include "ui/models/FuzzyMatch.h"
#include "ui/models/PaletteEntry.h"

namespace chancery::ui {

class CommandRegistry;
struct Command;

/// What the palette shows for a text: commands and known objects by fuzzy match at once, what
/// providers find as it comes. Rows are group headings and entries. GUI thread only.
class PaletteModel : public QAbstractListModel {
    Q_OBJECT
public:
    /// IsHeading: bool; Pending: bool, the group still searches; Ranges: QList<TextRange>.
    enum Role { HeadingRole = Qt::UserRole + 1, PendingRole };

    explicit PaletteModel(const CommandRegistry& commands, QObject* parent = nullptr);

    /// Entries that are known beforehand: pages, opened and recent ledgers. The name replaces an
    /// earlier list of the same name.
    void setObjects(const QString& name, std::vector<PaletteEntry> entries);
    void addProvider(PaletteProvider* provider);
    /// Commands of other pages are not offered.
    void setPage(const QString& page) { m_page = page; }
    /// Offered first while nothing is typed.
    void setRecentCommands(const QStringList& ids) { m_recent = ids; }
    /// Text as typed. "> " commands, "# " blocks and transactions, "@ " members.
    void setQuery(const QString& typed);
    static PaletteQuery parse(const QString& typed);

    /// Null for headings.
    const PaletteEntry* entry(int row) const;
    const QList<TextRange>& ranges(int row) const {
        return m_rows[static_cast<size_t>(row)].ranges;
    }
    /// The first entry below or above that is no heading; -1 when there is none.
    int next(int row, int step) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

Q_SIGNALS:
    /// After every change of the rows, those of late answers included.
    void updated();

private:
    struct Candidate {
        PaletteEntry entry;
        QString folded;
    };
    struct Row {
        bool heading = false;
        PaletteEntry::Group group = PaletteEntry::Group::Do;
        bool pending = false;
        PaletteEntry entry;
        QList<TextRange> ranges;
    };
    struct Scored {
        int score = 0;
        const PaletteEntry* entry = nullptr;
        QList<TextRange> ranges;
    };

    std::vector<Candidate> commandCandidates() const;
    std::vector<Row> best(std::vector<Scored> scored) const;
    std::vector<Row> recentRows(const std::vector<Candidate>& commands) const;
    void search();
    void rebuild();
    static QString titleOf(PaletteEntry::Group group);

    const CommandRegistry& m_commands;
    QMap<QString, std::vector<Candidate>> m_objects;
    QList<QPointer<PaletteProvider>> m_providers;
    QString m_page;
    QStringList m_recent;
    PaletteQuery m_query;
    quint64 m_serial = 0;
    QMap<PaletteProvider*, std::vector<PaletteEntry>> m_found;
    int m_pending = 0;
    std::vector<Row> m_local;
    std::vector<Row> m_rows;
};

}  // namespace chancery::ui
