#include "ui/pages/OverviewPage.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QImage>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSplitter>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QSvgGenerator>
#include <QVBoxLayout>

#include "ui/models/CommandRegistry.h"
#include "ui/models/LedgerText.h"
#include "ui/models/Link.h"
#include "ui/models/NetworkSession.h"
#include "ui/models/ShellWords.h"
#include "ui/pages/LedgerCells.h"
#include "ui/pages/NodeInspector.h"
#include "ui/pages/TopologyOf.h"
#include "ui/style/CellRoles.h"
#include "ui/style/Paint.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/DataTable.h"
#include "ui/widgets/Delegates.h"
#include "ui/widgets/FigureStrip.h"
#include "ui/widgets/IconButton.h"
#include "ui/widgets/Label.h"
#include "ui/widgets/PageHeader.h"
#include "ui/widgets/SegmentedControl.h"
#include "ui/widgets/Splitters.h"
#include "ui/widgets/Toolbar.h"
#include "ui/widgets/TopologyView.h"

namespace chancery::ui {
namespace {

constexpr int kInspectorWidth = 328, kLeastInspector = 280, kWideEnough = 860;

const QString kOverview = QStringLiteral("overview");

/// Organisations head their nodes, with their chips and without a glyph of their own.
class NetworkCells : public LedgerCells {
public:
    using LedgerCells::LedgerCells;
    QVariant data(const QModelIndex& index, int role) const override {
        if (role == cell::GlyphName) return {};
        return LedgerCells::data(index, role);
    }
};

/// The mark of a channel beside its check box.
QIcon markOf(int channel) {
    QPixmap pixmap(24, 24);
    pixmap.setDevicePixelRatio(2);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    drawChannelMark(painter, {0, 0, 12, 12}, channel);
    return QIcon(pixmap);
}

}  // namespace

OverviewPage::OverviewPage(NetworkSession* session, CommandRegistry* commands, QWidget* parent)
    : Page(parent), m_session(session), m_model(session->model()), m_commands(commands) {
    setObjectName(QStringLiteral("overviewPage"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    makeHeader();
    column->addWidget(m_header);
    m_figures = new FigureStrip(this);
    m_figures->setAccessibleName(tr("Figures of the network"));
    column->addWidget(m_figures);
    m_columns = new QSplitter(Qt::Horizontal, this);
    m_columns->setObjectName(QStringLiteral("overviewColumns"));
    m_columns->setChildrenCollapsible(false);
    m_columns->setHandleWidth(1);
    auto* left = new QWidget(m_columns);
    auto* middle = new QVBoxLayout(left);
    middle->setContentsMargins(0, 0, 0, 0);
    middle->setSpacing(0);
    middle->addWidget(makeToolbar());
    m_stack = new QStackedWidget(left);
    m_scroll = new QScrollArea(m_stack);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_view = new TopologyView;
    m_view->setObjectName(QStringLiteral("topology"));
    m_scroll->setWidget(m_view);
    m_stack->addWidget(m_scroll);
    m_stack->addWidget(makeTable());
    middle->addWidget(m_stack, 1);
    m_inspector = new NodeInspector(m_model, session, m_columns);
    m_inspector->setMinimumWidth(kLeastInspector);
    m_columns->addWidget(left);
    m_columns->addWidget(m_inspector);
    m_columns->setStretchFactor(0, 1);
    m_columns->setStretchFactor(1, 0);
    m_columns->setSizes({10 * kInspectorWidth, kInspectorWidth});
    keepSizes(m_columns);
    column->addWidget(m_columns, 1);

    connect(m_view, &TopologyView::selectionChanged, this,
            [this](const QString& id) { select(id, true); });
    connect(m_view, &TopologyView::zoomChanged, this, [this](double zoom) {
        m_zoom->setText(tr("%1 %").arg(static_cast<int>(zoom * 100 + 0.5)));
    });
    connect(m_model, &NetworkModel::changed, this, &OverviewPage::refresh);
    connect(m_session, &NetworkSession::samplesChanged, this, &OverviewPage::refresh);
    if (m_commands != nullptr) addCommands();
    refresh();
}

OverviewPage::~OverviewPage() {
    if (m_commands == nullptr) return;
    for (const char* id : {"overview.refresh", "overview.export", "overview.table"})
        m_commands->remove(QString::fromLatin1(id));
}

void OverviewPage::addCommands() {
    const auto never = [] { return QString(); };
    m_commands->add({QStringLiteral("overview.refresh"), tr("Ask all nodes now"),
                     QStringLiteral("refresh"), QKeySequence(Qt::Key_F5), kOverview,
                     QStringLiteral("chanceryctl network status"), never,
                     [this] { m_model->refresh(); }});
    m_commands->add({QStringLiteral("overview.export"), tr("Export the topology…"),
                     QStringLiteral("download"), QKeySequence(), kOverview, QString(), never,
                     [this] { chooseExport(); }});
    m_commands->add({QStringLiteral("overview.table"), tr("Topology as table"),
                     QStringLiteral("nodes"), QKeySequence(), kOverview, QString(), never,
                     [this] { setView(Table); }});
}

void OverviewPage::makeHeader() {
    m_header = new PageHeader(tr("Overview"), this);
    m_samples = makeButton(tr("Sample traffic"), ButtonTone::Secondary, QStringLiteral("play"));
    m_samples->setObjectName(QStringLiteral("samples"));
    connect(m_samples, &QPushButton::clicked, this,
            [this] { m_session->setSamples(!m_session->sendsSamples()); });
    auto* save = makeButton(tr("Export…"), ButtonTone::Secondary, QStringLiteral("download"));
    save->setObjectName(QStringLiteral("exportTopology"));
    connect(save, &QPushButton::clicked, this, &OverviewPage::chooseExport);
    auto* verify =
        makeButton(tr("Verify ledgers"), ButtonTone::Secondary, QStringLiteral("shield"));
    verify->setObjectName(QStringLiteral("verifyLedgers"));
    connect(verify, &QPushButton::clicked, this, &OverviewPage::verifyRequested);
    auto* again = makeButton(tr("Check health"), ButtonTone::Primary, QStringLiteral("refresh"));
    again->setObjectName(QStringLiteral("checkHealth"));
    again->setToolTip(tr("Ask all nodes now") + QStringLiteral("  F5"));
    connect(again, &QPushButton::clicked, m_model, &NetworkModel::refresh);
    verify->setVisible(m_session->canControl());
    for (QPushButton* button : {m_samples, save, verify, again}) m_header->addAction(button);
}

QWidget* OverviewPage::makeToolbar() {
    auto* bar = new Toolbar;
    bar->addWidget(new Label(tr("Topology"), Type::SectionTitle));
    m_views = new SegmentedControl(QStringList{tr("By organisation"), tr("By host"), tr("Table")});
    m_views->setObjectName(QStringLiteral("topologyViews"));
    m_views->setProperty("sizing", QStringLiteral("small"));
    m_views->setAccessibleName(tr("How the topology is shown"));
    bar->addWidget(m_views);
    bar->addStretch();
    m_bandBox = new QWidget;
    m_bands = new QHBoxLayout(m_bandBox);
    m_bands->setContentsMargins(0, 0, 0, 0);
    m_bands->setSpacing(12);
    bar->addWidget(m_bandBox);
    m_zoomBox = new QWidget;
    auto* zoom = new QHBoxLayout(m_zoomBox);
    zoom->setContentsMargins(8, 0, 0, 0);
    zoom->setSpacing(2);
    auto* out = new IconButton(QStringLiteral("minus"), tr("Smaller"));
    auto* in = new IconButton(QStringLiteral("plus"), tr("Larger"));
    auto* fit = new IconButton(QStringLiteral("fit"), tr("Fit into the window"));
    m_zoom = new Label(tr("%1 %").arg(100), Type::Table, Tone::Text2);
    m_zoom->setFixedWidth(44);
    m_zoom->setAlignment(Qt::AlignCenter);
    zoom->addWidget(out);
    zoom->addWidget(m_zoom);
    zoom->addWidget(in);
    zoom->addWidget(fit);
    bar->addWidget(m_zoomBox);
    connect(out, &QAbstractButton::clicked, this,
            [this] { m_view->setZoom(m_view->zoom() - 0.1); });
    connect(in, &QAbstractButton::clicked, this, [this] { m_view->setZoom(m_view->zoom() + 0.1); });
    connect(fit, &QAbstractButton::clicked, this,
            [this] { m_view->fit(m_scroll->viewport()->size()); });
    connect(m_views, &SegmentedControl::currentChanged, this,
            [this](int view) { setView(static_cast<View>(view)); });
    return bar;
}

QWidget* OverviewPage::makeTable() {
    m_table = new DataTree(QStringLiteral("overview.nodes"), m_stack);
    m_table->setObjectName(QStringLiteral("topologyTable"));
    m_table->setAccessibleName(tr("Topology as table"));
    auto* cells = new NetworkCells(
        m_model,
        [this](const QString& name) {
            for (const OrganisationRow& row : m_model->organisations())
                if (row.name == name) return row.series;
            return 0;
        },
        this);
    m_table->setModel(cells);
    m_table->setRootIsDecorated(true);
    for (const auto& [at, width] :
         {std::pair(0, 220), {1, 80}, {2, 160}, {3, 76}, {4, 300}, {5, 90}})
        m_table->header()->resizeSection(at, width);
    m_table->expandAll();
    connect(cells, &QAbstractItemModel::modelReset, m_table, &QTreeView::expandAll);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& current) {
                if (!current.parent().isValid()) return;
                select(current.siblingAtColumn(NetworkModel::Name).data().toString(), true);
            });
    return m_table;
}

void OverviewPage::setView(View view) {
    m_views->setCurrent(view);
    m_stack->setCurrentIndex(view == Table ? 1 : 0);
    m_bandBox->setVisible(view != Table && width() >= kWideEnough);
    m_zoomBox->setVisible(view != Table);
    if (view == Table) m_table->expandAll();
    refresh();
    // What changed while it was hidden has told nobody.
    m_view->updateGeometry();
}

void OverviewPage::refresh() {
    const auto organisations = static_cast<int>(m_model->organisations().size());
    m_header->setSummary(LedgerText::list(
        {tr("%n organisation(s)", nullptr, organisations),
         tr("%n node(s)", nullptr, m_model->nodeCount()),
         tr("%n channel(s)", nullptr, static_cast<int>(m_model->channels().size()))}));
    std::vector<Figure> figures;
    for (const NetworkFigure& figure : m_model->figures())
        figures.push_back({figure.label, figure.value, figure.unit, statusOf(figure.level)});
    m_figures->setFigures(std::move(figures));
    refreshBands();
    m_view->setPicture(topologyOf(*m_model, m_views->current() == ByHost));
    m_view->fitWidth(m_scroll->viewport()->width());
    m_samples->setVisible(m_session->canControl());
    m_samples->setText(m_session->sendsSamples() ? tr("Pause samples") : tr("Send samples"));
    m_samples->setIcon(
        icon(m_session->sendsSamples() ? QStringLiteral("pause") : QStringLiteral("play")));
    // Whoever opens the page sees first what needs attention.
    if (m_selected.isEmpty()) {
        QString first, ill;
        for (const OrganisationRow& organisation : m_model->organisations())
            for (const NodeRow& node : organisation.nodes) {
                // Not all have been asked yet.
                if (node.level == LedgerLevel::Unknown && node.problem.isEmpty()) return;
                if (first.isEmpty() && node.kind == QLatin1String("peer")) first = node.name;
                if (ill.isEmpty() && node.level != LedgerLevel::Good) ill = node.name;
            }
        select(ill.isEmpty() ? first : ill, false);
    }
}

void OverviewPage::refreshBands() {
    QStringList names;
    for (const ChannelRow& channel : m_model->channels()) names << channel.name;
    if (names == m_bandNames) return;
    m_bandNames = names;
    while (QLayoutItem* item = m_bands->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (int i = 0; i < names.size(); ++i) {
        QString text = names[i];
        auto* box = new QCheckBox(text.replace('&', QLatin1String("&&")));
        box->setIcon(markOf(i));
        box->setIconSize({12, 12});
        box->setChecked(true);
        connect(box, &QCheckBox::toggled, this,
                [this, i](bool shown) { m_view->setBandShown(i, shown); });
        m_bands->addWidget(box);
    }
}

void OverviewPage::select(const QString& name, bool byUser) {
    if (name.isEmpty() || name == m_selected) return;
    m_selected = name;
    m_view->select(name);
    m_inspector->show(name);
    for (int part = 0; part < m_view->partCount(); ++part)
        if (m_view->partSelected(part)) {
            const QRect box = m_view->partRect(part);
            m_scroll->ensureVisible(box.center().x(), box.center().y(), box.width() / 2 + 8,
                                    byUser ? 8 : 0);
        }
    if (byUser) Q_EMIT linkChanged();
}

void OverviewPage::selectNode(const QString& name) {
    select(name, false);
}

bool OverviewPage::reveal(const Link& link) {
    if (link.kind == QLatin1String("page")) return link.id == kOverview;
    if (link.kind != QLatin1String("node") || m_model->node(link.id) == nullptr) return false;
    selectNode(link.id);
    return true;
}

Link OverviewPage::currentLink() const {
    const QString network = m_session->name();
    if (m_selected.isEmpty())
        return {QStringLiteral("network"), network, QStringLiteral("page"), kOverview};
    return {QStringLiteral("network"), network, QStringLiteral("node"), m_selected};
}

void OverviewPage::focusMain() {
    (m_stack->currentIndex() == 0 ? static_cast<QWidget*>(m_view) : m_table)
        ->setFocus(Qt::OtherFocusReason);
}

void OverviewPage::setInspectorShown(bool shown) {
    m_inspector->setVisible(shown);
}

QString OverviewPage::commandLine() const {
    if (m_session->folder().isEmpty()) return {};
    return QStringLiteral("chanceryctl network status --network ") + shellWord(m_session->folder());
}

void OverviewPage::resizeEvent(QResizeEvent* event) {
    Page::resizeEvent(event);
    m_bandBox->setVisible(width() >= kWideEnough && m_stack->currentIndex() == 0);
    m_view->fitWidth(m_scroll->viewport()->width());
}

void OverviewPage::chooseExport() {
    auto* dialog =
        new QFileDialog(this, tr("Export the topology"),
                        QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Drawing (*.svg)"), tr("Picture (*.png)")});
    dialog->setDefaultSuffix(QStringLiteral("svg"));
    dialog->selectFile(QStringLiteral("topology.svg"));
    connect(dialog, &QFileDialog::fileSelected, this, &OverviewPage::exportTo);
    dialog->open();
}

bool OverviewPage::exportTo(const QString& path) {
    const QSize size = m_view->pictureSize();
    if (path.endsWith(QLatin1String(".png"), Qt::CaseInsensitive)) {
        QImage image(size * 2, QImage::Format_ARGB32_Premultiplied);
        image.setDevicePixelRatio(2);
        QPainter painter(&image);
        m_view->drawPicture(painter);
        painter.end();
        return image.save(path);
    }
    QSvgGenerator generator;
    generator.setFileName(path);
    generator.setSize(size);
    generator.setViewBox(QRect(QPoint(), size));
    generator.setTitle(m_session->name());
    QPainter painter;
    if (!painter.begin(&generator)) return false;
    m_view->drawPicture(painter);
    return painter.end();
}

}  // namespace chancery::ui
