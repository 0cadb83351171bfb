#include "ui/pages/LedgerCells.h"

#include "ui/models/LedgerRoles.h"
#include "ui/style/CellRoles.h"
#include "ui/style/Icons.h"
#include "ui/style/SafeText.h"
#include "ui/style/Theme.h"

namespace chancery::ui {
namespace {

constexpr double kFullBar = 20;  ///< transactions of a bar that fills its cell

using Segments = QVector<LedgerSegment>;

Segments segmentsOf(const QVariant& value) {
    return value.value<Segments>();
}

QString joined(const Segments& segments, bool changed) {
    QStringList parts;
    for (const LedgerSegment& segment : segments)
        if ((segment.mark != LedgerSegment::Mark::Plain) == changed) parts << segment.text;
    return parts.join(QStringLiteral("  "));
}

cell::DiffKind kindOf(const Segments& segments) {
    for (const LedgerSegment& segment : segments) {
        if (segment.mark == LedgerSegment::Mark::Removed) return cell::DiffKind::Before;
        if (segment.mark == LedgerSegment::Mark::Added) return cell::DiffKind::After;
    }
    return cell::DiffKind::None;
}

}  // namespace

Status statusOf(LedgerLevel level) {
    switch (level) {
        case LedgerLevel::Good:
            return Status::Ok;
        case LedgerLevel::Warning:
            return Status::Warn;
        case LedgerLevel::Bad:
            return Status::Error;
        case LedgerLevel::Pending:
            return Status::Pending;
        case LedgerLevel::Running:
            return Status::Running;
        case LedgerLevel::Unknown:
            return Status::Unknown;
        case LedgerLevel::None:
            break;
    }
    return Status::None;
}

LedgerCells::LedgerCells(QAbstractItemModel* source, SeriesOf seriesOf, QObject* parent)
    : QIdentityProxyModel(parent), m_seriesOf(std::move(seriesOf)) {
    setSourceModel(source);
}

void LedgerCells::restyle() {
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1),
                           {cell::ChipSeries});
}

QVariant LedgerCells::data(const QModelIndex& index, int role) const {
    if (role > cell::CopyText - 1 && role <= cell::Loading) return look(index, role);
    if (role == Qt::DisplayRole) {
        const QVariant segments = QIdentityProxyModel::data(index, SegmentsRole);
        if (segments.isValid()) {
            const Segments all = segmentsOf(segments);
            const QString changed = joined(all, true);
            return changed.isEmpty() ? joined(all, false) : changed;
        }
    }
    return QIdentityProxyModel::data(index, role);
}

QVariant LedgerCells::look(const QModelIndex& index, int role) const {
    const auto ask = [&](int wanted) { return QIdentityProxyModel::data(index, wanted); };
    switch (role) {
        case cell::CopyText:
            return ask(FullTextRole);
        case cell::Glyph: {
            const QVariant level = ask(LevelRole);
            if (!level.isValid()) return {};
            return static_cast<int>(statusOf(static_cast<LedgerLevel>(level.toInt())));
        }
        case cell::GlyphName:
            if (ask(GroupRole).toBool() && index.column() == 0) return QStringLiteral("chaincode");
            return {};
        case cell::TextTone:
            if (ask(QuietRole).toBool()) return static_cast<int>(Tone::Text3);
            if (ask(LevelRole).toInt() == static_cast<int>(LedgerLevel::Bad))
                return static_cast<int>(Tone::Error);
            return {};
        case cell::Strong:
            return ask(GroupRole).toBool();
        case cell::Monospace:
            return ask(MonoRole);
        case cell::Secondary: {
            if (ask(GroupRole).toBool())
                return index.column() == 0 ? ask(FullTextRole) : QVariant();
            const QVariant segments = ask(SegmentsRole);
            if (!segments.isValid()) return {};
            const Segments all = segmentsOf(segments);
            return joined(all, true).isEmpty() ? QVariant() : QVariant(joined(all, false));
        }
        case cell::ChipText: {
            const QString msp = ask(MspRole).toString();
            return msp.isEmpty() ? QVariant() : QVariant(monogram(msp));
        }
        case cell::ChipSeries: {
            const QString msp = ask(MspRole).toString();
            return msp.isEmpty() || !m_seriesOf ? QVariant() : QVariant(m_seriesOf(msp));
        }
        case cell::BarValue:
        case cell::BarBad: {
            const auto share = ask(ShareRole).value<QVector<double>>();
            if (share.size() < 2) return {};
            return std::min(role == cell::BarValue ? share[0] : share[1], kFullBar);
        }
        case cell::BarMaximum:
            return ask(ShareRole).isValid() ? QVariant(kFullBar) : QVariant();
        case cell::Diff: {
            const QVariant segments = ask(SegmentsRole);
            if (!segments.isValid()) return {};
            return static_cast<int>(kindOf(segmentsOf(segments)));
        }
        case cell::GroupRow:
            return ask(GroupRole);
        case cell::Loading:
            return ask(LoadingRole);
        default:
            return {};
    }
}

}  // namespace chancery::ui
