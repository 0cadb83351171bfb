#pragma once

#include <QAbstractTableModel>
#include <QDateTime>
#include <QString>
#include <functional>
#include <memory>
#include <vector>

namespace chancery::ui {

/// A task that lasts longer than a moment, as the activity panel shows it.
struct Operation {
    enum class State { Running, Succeeded, Warned, Failed, Cancelled };
    quint64 id = 0;
    QString title;         ///< "Verify settlement.block"
    QString target;        ///< what it works on
    QString step;          ///< what it does now, or how it ended
    double fraction = -1;  ///< 0 to 1; negative: unknown
    State state = State::Running;
    QDateTime started, ended;
    QString details;               ///< longer text for Details
    std::function<void()> cancel;  ///< empty: cannot be cancelled
    QString revealPath;            ///< a file or folder that it made
    QString link;                  ///< chancery:// of what it is about
};

/// Running and finished operations, newest first; finished ones stay for 24 hours. GUI thread only.
class OperationModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Glyph, Title, Target, Progress, Step, Time, Action, ColumnCount };
    /// Action is empty: room for the views' buttons.
    /// Operation::State as int; fraction; id. The same in every column.
    enum Role { StateRole = Qt::UserRole + 1, FractionRole, IdRole };
    explicit OperationModel(QObject* parent = nullptr);

    /// Returns the id for the calls below, which do nothing for unknown ids.
    quint64 start(Operation operation);
    void progress(quint64 id, double fraction, const QString& step);
    void finish(quint64 id, Operation::State state, const QString& step,
                const QString& details = {});
    void setReveal(quint64 id, const QString& path, const QString& link);
    void cancel(quint64 id);

    const Operation& at(int row) const { return m_operations[static_cast<size_t>(row)]; }
    int rowOf(quint64 id) const;  ///< -1: unknown
    int runningCount() const;
    /// The newest running one, else the newest; null when there is none.
    const Operation* current() const;
    static QString wordOf(Operation::State state);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void runningChanged();
    void finished(const chancery::ui::Operation& operation);

private:
    void forgetOld(const QDateTime& now);
    QVariant display(const Operation& operation, int column) const;

    std::vector<Operation> m_operations;
    quint64 m_lastId = 0;
};

}  // namespace chancery::ui
