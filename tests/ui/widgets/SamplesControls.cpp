#include <QtWidgets>

#include "tests/ui/widgets/Samples.h"
#include "ui/style/CellRoles.h"
#include "ui/widgets/Badge.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/ChainStrip.h"
#include "ui/widgets/Collapsible.h"
#include "ui/widgets/CopyLabel.h"
#include "ui/widgets/DataTable.h"
#include "ui/widgets/Delegates.h"
#include "ui/widgets/DropArea.h"
#include "ui/widgets/FigureStrip.h"
#include "ui/widgets/HexView.h"
#include "ui/widgets/IconButton.h"
#include "ui/widgets/KeyCap.h"
#include "ui/widgets/Label.h"
#include "ui/widgets/Notice.h"
#include "ui/widgets/OrgChip.h"
#include "ui/widgets/ProgressLine.h"
#include "ui/widgets/QueryEdit.h"
#include "ui/widgets/SearchField.h"
#include "ui/widgets/SectionHeader.h"
#include "ui/widgets/SegmentedControl.h"
#include "ui/widgets/Spinner.h"
#include "ui/widgets/StatusLabel.h"

namespace chancery::test {
namespace {

using namespace ui;

class Column : public QVBoxLayout {
public:
    Column() {
        setContentsMargins(0, 0, 0, 0);
        setSpacing(12);
    }
    /// Widgets side by side.
    void row(std::initializer_list<QWidget*> widgets) {
        auto* line = new QHBoxLayout;
        line->setSpacing(8);
        for (auto* widget : widgets) line->addWidget(widget);
        line->addStretch(1);
        addLayout(line);
    }
};

QPushButton* off(QPushButton* button) {
    button->setEnabled(false);
    return button;
}

void addButtons(Column& column) {
    using T = ButtonTone;
    column.row({makeButton("Verify again", T::Secondary, "shield"),
                makeButton("Export range…", T::Secondary, "download"),
                makeButton("Add member…", T::Primary, "plus"),
                makeButton("Discard draft", T::Danger)});
    column.row({makeButton("Remove HarborPay", T::Destructive), makeButton("Save draft", T::Ghost),
                makeButton("Show the calls", T::Link),
                off(makeButton("Run now", T::Secondary, "play"))});
    column.row({makeButton("Show log", T::Secondary, {}, ButtonSize::Small),
                makeButton("Restart…", T::Secondary, "refresh", ButtonSize::Small),
                off(makeButton("Next: review", T::Primary)),
                makeButton("Create and start network", T::Primary, "play", ButtonSize::Large)});
    auto* menu = makeButton("Add", T::Primary, "plus");
    menu->setMenu(new QMenu(menu));
    auto* bell = new IconButton("bell", "Notifications");
    bell->setCount("3");
    column.row({menu, new IconButton("dots", "More"), bell, new IconButton("help", "Help")});
}

void addInputs(Column& column) {
    auto* line = new QLineEdit("Meridian Clearing");
    auto* wrong = new QLineEdit("12500.00");
    wrong->setProperty("state", "error");
    auto* dead = new QLineEdit("peer0.arxanbank");
    dead->setEnabled(false);
    column.row({line, wrong, dead});
    auto* combo = new QComboBox;
    combo->addItems({"ECDSA P-256", "SM2"});
    auto* spin = new QSpinBox;
    spin->setValue(42);
    auto* search = new SearchField("Filter organisations");
    search->setKeyCap("/");
    search->setFixedWidth(240);
    column.row({combo, spin, search});
    auto* on = new QCheckBox("Decode values as JSON");
    on->setChecked(true);
    auto* partly = new QCheckBox("Partly");
    partly->setTristate(true);
    partly->setCheckState(Qt::PartiallyChecked);
    auto* dim = new QCheckBox("Off");
    dim->setEnabled(false);
    column.row({on, new QCheckBox("Only changes"), partly, dim});
    auto* radio = new QRadioButton("Two banks");
    radio->setChecked(true);
    auto* other = new QRadioButton("Supply chain");
    other->setAutoExclusive(false);
    column.row({radio, other, new SegmentedControl({"Tree", "JSON diff", "Raw"})});
    column.row({new SegmentedControl({"Current 5", "Joining 1", "Former 1"})});
    auto* tabs = new QTabBar;
    for (const auto* name : {"MSP", "Nodes  4", "Administrators  3", "History"}) tabs->addTab(name);
    column.addWidget(tabs);
}

void addMarks(Column& column) {
    auto* verified = new Badge;
    verified->setLarge(true);
    verified->setStatus(Status::Ok, "Chain verified, blocks 0 to 277");
    auto* broken = new Badge;
    broken->setLarge(true);
    broken->setStatus(Status::Error, "Block 1,204,118 does not match");
    column.row({verified, broken});
    auto* role = new Badge("Compliance · read-only", BadgeTone::Outline);
    role->setIconName("eye");
    auto* lag = new Badge;
    lag->setStatus(Status::Warn, "Lagging");
    column.row({new Badge("Consortium admin", BadgeTone::Accent), role, lag,
                new Badge("P-256", BadgeTone::Neutral), new Badge("SM2", BadgeTone::Info)});
    QList<QWidget*> states;
    for (int i = 0; i <= int(Status::None); ++i) {
        states << new StatusLabel(Status(i), wordOf(Status(i)));
    }
    column.row({states[0], states[1], states[2], states[3], states[4]});
    column.row({states[5], states[6], states[7], states[8], new Spinner});
    QList<OrgChip*> chips;
    const QStringList names = {"ArxanBank", "RiverBankMSP", "HarborPay", "Regulator",
                               "LanternTrust"};
    for (int i = 0; i < names.size(); ++i) {
        chips << new OrgChip;
        chips.last()->setOrganisation(names[i], i < 4 ? i : -1);
        chips.last()->setNameShown(i > 2);
    }
    column.row(
        {chips[0], chips[1], chips[2], chips[3], chips[4], new KeyCap("/"), new KeyCap("Ctrl K")});
    auto* copy = new CopyLabel("097e0ccf9966c4838f1d2ab41e7745c0f2b19d6e0cc7b82aa329b541");
    copy->setFixedWidth(280);
    auto* progress = new ProgressLine;
    progress->setFraction(0.66);
    column.row({copy, progress});
}

QWidget* broken() {
    auto* chain = new ChainStrip;
    using L = ChainBlock::Link;
    chain->setBlocks({{"1,204,117", "ad7d7883…53e84b", false, L::Unknown, 1},
                      {"1,204,118", "58f58496…4d1cb1", true, L::Broken, 2},
                      {"1,204,119", "e4f5911c…52d756", false, L::Holds, 3}});
    chain->setNote({"Header says 97ab34c1…", "Computed 58f58496…"});
    return chain;
}

QueryEdit* wrongQuery() {
    auto* query = new QueryEdit;
    query->setTokenizer([](const QString& text) {
        std::vector<QueryChip> chips;
        if (text.startsWith("block:abc")) chips.push_back({0, 9, "block abc", "not a number"});
        return chips;
    });
    query->setPlaceholder("add a key");
    query->setText("block:abc");
    return query;
}

}  // namespace

QWidget* sampleControls() {
    auto* page = new QWidget;
    auto* halves = new QHBoxLayout(page);
    halves->setContentsMargins(16, 16, 16, 16);
    halves->setSpacing(32);
    auto* left = new Column;
    addButtons(*left);
    addInputs(*left);
    auto* drop = new DropArea("shield", "Drop block files, a snapshot or an export",
                              ".block, .snapshot, .chledger", "Choose file…");
    left->addWidget(drop);
    left->addWidget(wrongQuery());
    left->addStretch(1);
    auto* right = new Column;
    addMarks(*right);
    auto* strip = new FigureStrip;
    strip->setFigures({{"Nodes healthy", "12", "of 13", Status::Warn},
                       {"Channels", "2", "in sync", Status::Ok},
                       {"Throughput", "27.4", "tx/s"},
                       {"Waiting for approval", "2", "requests", Status::Pending},
                       {"Stale", "0.02", "% (20)", Status::None, true}});
    right->addWidget(strip);
    right->addWidget(broken());
    right->addWidget(new Notice(Notice::Kind::Warn, "41 blocks behind on settlement.",
                                "Block writes on rb-node-02 slowed from 4 to 38 ms at 14:27."));
    auto* error = new Notice(Notice::Kind::Error, "wallet refused the transfer.",
                             "acct/2041 has 8,750.00 EUR of its daily limit left.");
    error->addButton("Compare versions");
    error->addButton("Accept…");
    right->addWidget(error);
    right->addWidget(
        new Notice(Notice::Kind::Ok, "Transactions still go through.", "Two groups can endorse."));
    auto* folded = new Collapsible("Details");
    folded->setContent(new Label("Shown when it is open", Type::Table, Tone::Text2));
    right->addWidget(folded);
    right->addStretch(1);
    halves->addLayout(left, 1);
    halves->addLayout(right, 1);
    page->setFixedSize(1280, 640);
    return page;
}

QWidget* sampleTables() {
    auto* page = new QWidget;
    auto* halves = new QHBoxLayout(page);
    halves->setContentsMargins(0, 0, 0, 0);
    halves->setSpacing(0);
    auto* model = new QStandardItemModel(page);
    model->setHorizontalHeaderLabels({"Envelope", "Value", "Load"});
    QStandardItem* parent = model->invisibleRootItem();
    for (const auto* name : {"payload", "header", "channel_header", "tx_id"}) {
        auto* first = new QStandardItem(name);
        auto* second = new QStandardItem("097e0ccf9966c4838f1d2ab41e7745c0f2b19d6e0cc7b82aa");
        second->setData(true, cell::Monospace);
        auto* third = new QStandardItem;
        third->setData(QVariantList{3, 5, 2, 6, 4, 7, 3}, cell::SparkValues);
        parent->appendRow({first, second, third});
        parent = first;
    }
    parent = model->invisibleRootItem();
    parent->appendRow(
        {new QStandardItem("signature"), new QStandardItem(QString()), new QStandardItem("P-256")});
    model->item(1, 2)->setData(int(BadgeTone::Neutral), cell::BadgeTone);
    auto* evil = new QStandardItem(QString::fromUtf8("pay\u202egpj.exe\nsecond\x1b[31m"));
    evil->setData(1, cell::ChannelIndex);
    parent->appendRow({evil, new QStandardItem("<b>not bold</b>"), new QStandardItem(QString())});
    auto* tree = new DataTree;
    tree->setModel(model);
    tree->setItemDelegateForColumn(1, new MonoDelegate(tree));
    tree->setItemDelegateForColumn(2, new SparkDelegate(tree));
    tree->setColumnWidth(0, 220);
    tree->setColumnWidth(1, 220);
    tree->expandAll();
    tree->setCurrentIndex(model->index(0, 0));
    halves->addWidget(tree, 1);
    auto* hex = new HexView;
    QByteArray bytes;
    for (int i = 0; i < 600; ++i) bytes += static_cast<char>((i * 7 + i / 16) & 0xff);
    bytes.replace(32, 15, "wallet.Transfer");
    hex->setBytes(bytes);
    hex->setHighlight(32, 15);
    hex->setSelection(70, 20);
    halves->addWidget(hex, 1);
    page->setFixedSize(1280, 360);
    return page;
}

}  // namespace chancery::test
