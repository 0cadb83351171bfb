#pragma once

#include <QAbstractListModel>
#include <QDateTime>
#include <QStringList>
#include <vector>

#include "ui/bridge/GuiExecutor.h"

namespace chancery::ui {

class Settings;

/// A ledger that was opened before, and how it stood then.
struct RecentLedger {
    enum class Verdict { Unknown, Good, Bad, Partial };
    QStringList paths;  ///< absolute
    QString snapshot;   ///< empty, or the snapshot that the blocks follow
    QString name;       ///< of the file or folder, harmless to show
    QString channel;
    Verdict verdict = Verdict::Unknown;
    quint64 blocks = 0;
    quint64 errors = 0;
    QDateTime opened;
    bool missing = false;  ///< one of the paths is not there now
};

/// The ledgers that were opened last, newest first, at most 20; kept in the settings. Whether the
/// files are still there is asked in the background.
class RecentLedgers : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { SummaryRole = Qt::UserRole + 1, DateRole, VerdictRole, MissingRole, PathRole };
    explicit RecentLedgers(Settings& settings, QObject* parent = nullptr);

    /// Adds it, or moves it to the front with what is known now.
    void remember(RecentLedger ledger);
    void remove(int row);
    /// The same ledger, found elsewhere.
    void relocate(int row, const QStringList& paths);
    const RecentLedger& at(int row) const { return m_rows[static_cast<size_t>(row)]; }
    /// Asks again which files are there.
    void look();

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

Q_SIGNALS:
    void looked();

private:
    void load();
    void save();
    QString summary(const RecentLedger& row) const;

    Settings& m_settings;
    std::vector<RecentLedger> m_rows;
    CallHandle m_looking;
};

}  // namespace chancery::ui
