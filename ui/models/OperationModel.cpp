#include "ui/models/OperationModel.h"

#include <QTimer>
#include <algorithm>

#include "ui/models/Durations.h"

namespace chancery::ui {
namespace {

constexpr qint64 kKeepSeconds = 24 * 60 * 60;
constexpr double kSecondsBeforeEstimate = 10;

bool isRunning(const Operation& operation) {
    return operation.state == Operation::State::Running;
}

/// Elapsed time, and from ten seconds on what is left.
QString timeText(const Operation& operation, const QDateTime& now) {
    if (!isRunning(operation)) return operation.ended.toString(QStringLiteral("HH:mm:ss"));
    const qint64 elapsed = std::max<qint64>(0, operation.started.secsTo(now));
    const QString clock = clockText(elapsed);
    if (elapsed < kSecondsBeforeEstimate || operation.fraction < 0.01) return clock;
    const auto left = static_cast<qint64>(static_cast<double>(elapsed) * (1 - operation.fraction) /
                                          operation.fraction);
    return OperationModel::tr("%1, about %2 left").arg(clock, durationText(left));
}

}  // namespace

OperationModel::OperationModel(QObject* parent) : QAbstractTableModel(parent) {
    auto* timer = new QTimer(this);
    timer->setInterval(1000);
    connect(timer, &QTimer::timeout, this, [this, timer] {
        if (runningCount() == 0) {
            timer->stop();
            return;
        }
        Q_EMIT dataChanged(index(0, Time), index(rowCount() - 1, Time), {Qt::DisplayRole});
    });
    connect(this, &OperationModel::runningChanged, timer, [this, timer] {
        if (runningCount() > 0 && !timer->isActive()) timer->start();
    });
}

int OperationModel::rowOf(quint64 id) const {
    for (size_t i = 0; i < m_operations.size(); ++i)
        if (m_operations[i].id == id) return static_cast<int>(i);
    return -1;
}

void OperationModel::forgetOld(const QDateTime& now) {
    for (int row = rowCount() - 1; row >= 0; --row) {
        const Operation& operation = at(row);
        if (isRunning(operation) || operation.ended.secsTo(now) < kKeepSeconds) continue;
        beginRemoveRows({}, row, row);
        m_operations.erase(m_operations.begin() + row);
        endRemoveRows();
    }
}

quint64 OperationModel::start(Operation operation) {
    const QDateTime now = QDateTime::currentDateTimeUtc();
    forgetOld(now);
    operation.id = ++m_lastId;
    operation.state = Operation::State::Running;
    if (!operation.started.isValid()) operation.started = now;
    beginInsertRows({}, 0, 0);
    m_operations.insert(m_operations.begin(), std::move(operation));
    endInsertRows();
    Q_EMIT runningChanged();
    return m_lastId;
}

void OperationModel::progress(quint64 id, double fraction, const QString& step) {
    const int row = rowOf(id);
    if (row < 0 || !isRunning(at(row))) return;
    Operation& operation = m_operations[static_cast<size_t>(row)];
    operation.fraction = std::min(fraction, 1.0);
    operation.step = step;
    Q_EMIT dataChanged(index(row, Progress), index(row, Time));
}

void OperationModel::finish(quint64 id, Operation::State state, const QString& step,
                            const QString& details) {
    const int row = rowOf(id);
    if (row < 0 || !isRunning(at(row)) || state == Operation::State::Running) return;
    Operation& operation = m_operations[static_cast<size_t>(row)];
    operation.state = state;
    operation.step = step;
    operation.ended = QDateTime::currentDateTimeUtc();
    operation.cancel = {};
    if (!details.isEmpty()) operation.details = details;
    if (state == Operation::State::Succeeded) operation.fraction = 1;
    const Operation copy = operation;
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    Q_EMIT runningChanged();
    Q_EMIT finished(copy);
}

void OperationModel::setReveal(quint64 id, const QString& path, const QString& link) {
    const int row = rowOf(id);
    if (row < 0) return;
    m_operations[static_cast<size_t>(row)].revealPath = path;
    m_operations[static_cast<size_t>(row)].link = link;
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

void OperationModel::cancel(quint64 id) {
    const int row = rowOf(id);
    if (row < 0 || !at(row).cancel) return;
    const auto cancelIt = std::exchange(m_operations[static_cast<size_t>(row)].cancel, {});
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    cancelIt();
}

int OperationModel::runningCount() const {
    return static_cast<int>(std::count_if(m_operations.begin(), m_operations.end(), isRunning));
}

const Operation* OperationModel::current() const {
    if (m_operations.empty()) return nullptr;
    const auto running = std::find_if(m_operations.begin(), m_operations.end(), isRunning);
    return running != m_operations.end() ? &*running : &m_operations.front();
}

int OperationModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_operations.size());
}

int OperationModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QString OperationModel::wordOf(Operation::State state) {
    switch (state) {
        case Operation::State::Running:
            return tr("Running");
        case Operation::State::Succeeded:
            return tr("Done");
        case Operation::State::Warned:
            return tr("Done, with warnings");
        case Operation::State::Failed:
            return tr("Failed");
        case Operation::State::Cancelled:
            return tr("Cancelled");
    }
    return {};
}

QVariant OperationModel::display(const Operation& operation, int column) const {
    switch (column) {
        case Title:
            return operation.title;
        case Target:
            return operation.target;
        case Progress:
            if (!isRunning(operation)) return wordOf(operation.state);
            return operation.fraction < 0
                       ? QString()
                       : tr("%1 %").arg(static_cast<int>(operation.fraction * 100));
        case Step:
            return operation.step;
        case Time:
            return timeText(operation, QDateTime::currentDateTimeUtc());
        default:
            return {};
    }
}

QVariant OperationModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Operation& operation = at(index.row());
    switch (role) {
        case Qt::DisplayRole:
            return display(operation, index.column());
        case Qt::ToolTipRole:
            if (index.column() == Glyph) return wordOf(operation.state);
            return operation.details.isEmpty() ? display(operation, index.column())
                                               : QVariant(operation.details);
        case Qt::AccessibleTextRole:
            return index.column() == Glyph ? wordOf(operation.state)
                                           : display(operation, index.column());
        case StateRole:
            return static_cast<int>(operation.state);
        case FractionRole:
            return operation.fraction;
        case IdRole:
            return operation.id;
        default:
            return {};
    }
}

QVariant OperationModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case Glyph:
            return tr("State");
        case Title:
            return tr("Operation");
        case Target:
            return tr("Target");
        case Progress:
            return tr("Progress");
        case Step:
            return tr("Step");
        case Time:
            return tr("Time");
        default:
            return {};
    }
}

}  // namespace chancery::ui
