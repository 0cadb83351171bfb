#include "ui/pages/NodeInspector.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollArea>
#include <QStandardItemModel>
#include <QVBoxLayout>

#include "ui/models/LedgerText.h"
#include "ui/models/NetworkSession.h"
#include "ui/pages/LedgerCells.h"
#include "ui/pages/LedgerParts.h"
#include "ui/style/CellRoles.h"
#include "ui/widgets/Badge.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/CopyLabel.h"
#include "ui/widgets/DataTable.h"
#include "ui/widgets/Delegates.h"
#include "ui/widgets/DetailGrid.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/Label.h"
#include "ui/widgets/LagChart.h"
#include "ui/widgets/Notice.h"
#include "ui/widgets/SectionHeader.h"

namespace chancery::ui {
namespace {

constexpr int kSide = 16;

SectionHeader* titleOf(const QString& text) {
    auto* header = new SectionHeader(text);
    header->setType(Type::SmallSectionTitle);
    return header;
}

QString kindOf(const NodeRow& node) {
    return node.kind == QLatin1String("ca")        ? NodeInspector::tr("Certificate authority")
           : node.kind == QLatin1String("orderer") ? NodeInspector::tr("Orderer")
                                                   : NodeInspector::tr("Peer");
}

}  // namespace

QString uptimeText(qint64 seconds) {
    const qint64 minutes = seconds / 60, hours = minutes / 60, days = hours / 24;
    if (days > 0)
        return NodeInspector::tr("%1 d %2 h").arg(days).arg(hours % 24, 2, 10, QLatin1Char('0'));
    if (hours > 0)
        return NodeInspector::tr("%1 h %2 min")
            .arg(hours)
            .arg(minutes % 60, 2, 10, QLatin1Char('0'));
    return minutes > 0 ? NodeInspector::tr("%1 min").arg(minutes)
                       : NodeInspector::tr("%1 s").arg(seconds);
}

NodeInspector::NodeInspector(NetworkModel* model, NetworkSession* session, QWidget* parent)
    : QWidget(parent), m_model(model), m_session(session) {
    setObjectName(QStringLiteral("nodeInspector"));
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    m_empty = new EmptyState(QStringLiteral("nodes"), tr("No node selected"),
                             tr("Choose a node of the topology."), this);
    whole->addWidget(m_empty);
    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_content = scroll;
    auto* inner = new QWidget(scroll);
    auto* column = new QVBoxLayout(inner);
    column->setContentsMargins(0, 14, 0, 16);
    column->setSpacing(0);
    makeHeader(column);
    column->addSpacing(14);
    column->addWidget(makeLine());
    auto* lag = addSection(column, kSide, 12);
    m_lagTitle = titleOf(tr("Blocks behind"));
    lag->addWidget(m_lagTitle);
    m_lag = new LagChart;
    m_lag->setAccessibleName(tr("Blocks behind"));
    lag->addWidget(m_lag);
    column->addSpacing(12);
    column->addWidget(makeLine());
    auto* channels = addSection(column, kSide, 12);
    m_channelTitle = titleOf(tr("Channels"));
    channels->addWidget(m_channelTitle);
    m_rows = new QStandardItemModel(0, 3, this);
    m_rows->setHorizontalHeaderLabels({tr("Channel"), tr("Height"), tr("Behind")});
    for (const int at : {1, 2})
        m_rows->horizontalHeaderItem(at)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_channels = new DataTable;
    m_channels->setObjectName(QStringLiteral("nodeChannels"));
    m_channels->setAccessibleName(tr("Channels of this node"));
    m_channels->setModel(m_rows);
    m_channels->setFitsContent(true);
    m_channels->setStretchColumn(0);
    m_channels->setFocusPolicy(Qt::NoFocus);
    m_channels->horizontalHeader()->resizeSection(1, 100);
    m_channels->horizontalHeader()->resizeSection(2, 74);
    channels->addWidget(m_channels);
    column->addSpacing(12);
    column->addWidget(makeLine());
    auto* details = addSection(column, kSide, 12);
    details->addWidget(titleOf(tr("Details")));
    details->addWidget(makeDetails());
    column->addStretch(1);
    scroll->setWidget(inner);
    whole->addWidget(scroll);
    connect(model, &NetworkModel::changed, this, &NodeInspector::refresh);
    refresh();
}

void NodeInspector::makeHeader(QVBoxLayout* whole) {
    auto* column = addSection(whole, kSide, 0);
    m_title = new Label(QString(), Type::InspectorTitle);
    m_title->setElide(Qt::ElideMiddle);
    column->addWidget(m_title);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    m_badge = new Badge;
    m_place = new Label(QString(), Type::Table, Tone::Text2);
    m_place->setElide(Qt::ElideRight);
    row->addWidget(m_badge);
    row->addWidget(m_place, 1);
    column->addLayout(row);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    m_start =
        makeButton(tr("Start"), ButtonTone::Primary, QStringLiteral("play"), ButtonSize::Small);
    m_start->setObjectName(QStringLiteral("startNode"));
    m_restart = makeButton(tr("Restart"), ButtonTone::Secondary, QStringLiteral("refresh"),
                           ButtonSize::Small);
    m_restart->setObjectName(QStringLiteral("restartNode"));
    m_stop =
        makeButton(tr("Stop"), ButtonTone::Secondary, QStringLiteral("stop"), ButtonSize::Small);
    m_stop->setObjectName(QStringLiteral("stopNode"));
    using Control = NetworkSession::Control;
    for (const auto& [button, what] :
         {std::pair(m_start, Control::Start), std::pair(m_restart, Control::Restart),
          std::pair(m_stop, Control::Stop)}) {
        buttons->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, what = what] {
            if (m_session != nullptr) m_session->control(what, m_node);
        });
    }
    buttons->addStretch(1);
    column->addLayout(buttons);
    m_notice = new Notice(Notice::Kind::Warn);
    m_notice->setObjectName(QStringLiteral("nodeProblem"));
    column->addWidget(m_notice);
}

QWidget* NodeInspector::makeDetails() {
    auto* grid = new DetailGrid;
    m_address = grid->addCopy(tr("Address"), QString());
    m_version = grid->addText(tr("Version"), QString());
    m_uptime = grid->addText(tr("Uptime"), QString());
    m_process = grid->addText(tr("Process"), QString());
    m_memory = grid->addText(tr("Memory"), QString());
    m_answered = grid->addText(tr("Last answer"), QString());
    m_limits = grid->addText(tr("Limits"), QString());
    m_limits->setWordWrap(true);
    return grid;
}

void NodeInspector::show(const QString& node) {
    m_node = node;
    refresh();
}

void NodeInspector::refresh() {
    const NodeRow* node = m_model->node(m_node);
    m_empty->setVisible(node == nullptr);
    m_content->setVisible(node != nullptr);
    if (node == nullptr) return;
    m_title->setText(node->name);
    m_badge->setStatus(statusOf(node->level), node->state);
    QStringList place{kindOf(*node), node->organisation};
    if (!node->host.isEmpty()) place << node->host;
    m_place->setText(place.join(QStringLiteral(" · ")));
    showControls(*node);
    showProblem(*node);
    showChannels(*node);
    showDetails(*node);
    std::vector<QPointF> samples;
    for (const LagSample& sample : m_model->lagOf(m_node))
        samples.emplace_back(static_cast<double>(sample.when), static_cast<double>(sample.behind));
    m_lag->setSamples(std::move(samples));
    const bool has = !node->channels.empty();
    m_lagTitle->setVisible(has);
    m_lag->setVisible(has);
    m_channelTitle->setVisible(has);
    m_channels->setVisible(has);
}

void NodeInspector::showControls(const NodeRow& node) {
    const bool can = m_session != nullptr && m_session->canControl() && node.isManaged;
    m_start->setVisible(can && !node.runs);
    m_restart->setVisible(can && node.runs);
    m_stop->setVisible(can && node.runs);
}

void NodeInspector::showProblem(const NodeRow& node) {
    m_notice->setVisible(!node.problem.isEmpty());
    if (node.problem.isEmpty()) return;
    m_notice->setKind(node.level == LedgerLevel::Bad       ? Notice::Kind::Error
                      : node.level == LedgerLevel::Warning ? Notice::Kind::Warn
                                                           : Notice::Kind::Info);
    // The first sentence says what is wrong, the others why.
    const qsizetype end = node.problem.indexOf(QRegularExpression(QStringLiteral("[.。](\\s|$)")));
    QString what = node.problem.left(end < 0 ? node.problem.size() : end + 1);
    QString rest = node.problem.mid(what.size()).trimmed();
    if (node.stale && node.asOf.isValid()) {
        if (!rest.isEmpty()) rest += ' ';
        rest +=
            tr("What is shown is of %1 UTC.").arg(node.asOf.toString(QStringLiteral("HH:mm:ss")));
    }
    m_notice->setTexts(what, rest);
    tellHeight();
}

/// Layouts do not ask again for a height that depends on the width, so it is told to them.
void NodeInspector::tellHeight() {
    const int height = m_notice->heightForWidth(width() - 2 * kSide);
    if (m_notice->height() != height || m_notice->minimumHeight() != height)
        m_notice->setFixedHeight(height);
}

void NodeInspector::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    tellHeight();
}

void NodeInspector::showChannels(const NodeRow& node) {
    m_rows->setRowCount(static_cast<int>(node.channels.size()));
    int mark = -1, row = -1;
    for (const ChannelRow& known : m_model->channels()) {
        ++mark;
        const NodeChannelRow* found = node.channel(known.name);
        if (found == nullptr) continue;
        ++row;
        const NodeChannelRow& channel = *found;
        const auto set = [&](int column, const QString& text, const auto&... roles) {
            QStandardItem* item = m_rows->item(row, column);
            if (item == nullptr) m_rows->setItem(row, column, item = new QStandardItem);
            item->setText(text);
            (item->setData(roles.second, roles.first), ...);
            if (column > 0) item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        };
        set(0, channel.channel, std::pair(int(cell::ChannelIndex), QVariant(mark)));
        set(1, LedgerText::number(channel.height), std::pair(int(cell::Monospace), QVariant(true)),
            std::pair(int(cell::TextTone), QVariant(int(node.stale ? Tone::Text3 : Tone::Text))));
        set(2, LedgerText::number(channel.behind), std::pair(int(cell::Monospace), QVariant(true)),
            std::pair(int(cell::Strong), QVariant(channel.behind > 0)),
            std::pair(int(cell::TextTone),
                      QVariant(int(channel.behind > 0 ? Tone::Warn : Tone::Text))));
    }
}

void NodeInspector::showDetails(const NodeRow& node) {
    const QString unknown = QStringLiteral("–");
    const auto orUnknown = [&](const QString& text) { return text.isEmpty() ? unknown : text; };
    m_address->setValue(orUnknown(node.address));
    m_version->setText(orUnknown(node.version));
    m_uptime->setText(node.runs && node.startedAt.isValid()
                          ? uptimeText(node.startedAt.secsTo(QDateTime::currentDateTimeUtc()))
                          : unknown);
    m_process->setText(node.processId > 0 ? QString::number(node.processId) : unknown);
    m_memory->setText(node.memory > 0 ? LedgerText::size(node.memory) : unknown);
    m_answered->setText(node.asOf.isValid()
                            ? node.asOf.toString(QStringLiteral("HH:mm:ss")) + tr(" UTC")
                            : tr("none yet"));
    m_limits->setText(node.limits.isEmpty() ? tr("none") : node.limits);
}

}  // namespace chancery::ui
