#include <QtWidgets>

#include "tests/ui/widgets/Samples.h"
#include "ui/style/CellRoles.h"
#include "ui/style/SafeText.h"
#include "ui/widgets/Badge.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/ChainStrip.h"
#include "ui/widgets/CopyLabel.h"
#include "ui/widgets/DataTable.h"
#include "ui/widgets/Delegates.h"
#include "ui/widgets/DetailGrid.h"
#include "ui/widgets/IconButton.h"
#include "ui/widgets/Label.h"
#include "ui/widgets/OrgChip.h"
#include "ui/widgets/PageHeader.h"
#include "ui/widgets/QueryEdit.h"
#include "ui/widgets/SectionHeader.h"
#include "ui/widgets/StatusLabel.h"
#include "ui/widgets/TimeHistogram.h"
#include "ui/widgets/Toolbar.h"

namespace chancery::test {
namespace {

using namespace ui;

QStandardItem* item(const QString& text, Qt::Alignment alignment = Qt::AlignLeft) {
    auto* item = new QStandardItem(text);
    item->setTextAlignment(alignment | Qt::AlignVCenter);
    return item;
}

QStandardItem* with(QStandardItem* item, int role, const QVariant& value) {
    item->setData(value, role);
    return item;
}

void header(QStandardItemModel& model, int column, Qt::Alignment alignment) {
    model.setHeaderData(column, Qt::Horizontal, int(alignment | Qt::AlignVCenter),
                        Qt::TextAlignmentRole);
}

QueryEdit* query() {
    auto* query = new QueryEdit;
    query->setTokenizer([](const QString& text) {
        std::vector<QueryChip> chips;
        static const QRegularExpression token(R"((block|size)([<>]=?|:)(\S+))");
        for (auto it = token.globalMatch(text); it.hasNext();) {
            const auto match = it.next();
            QString sign = match.captured(2);
            if (sign == ">=") sign = "≥";
            chips.push_back({match.capturedStart(),
                             match.capturedEnd(),
                             match.captured(1) + ' ' + sign + ' ' + match.captured(3),
                             {}});
        }
        return chips;
    });
    query->setPlaceholder("add a block number, transaction ID, key or amount");
    query->setKeyCap("/");
    query->setText("block>=1,204,000 size>25KB");
    return query;
}

QStandardItemModel* transactions(QObject* parent) {
    auto* model = new QStandardItemModel(0, 5, parent);
    model->setHorizontalHeaderLabels({"#", "Transaction", "Chaincode call", "Creator", "Result"});
    const QStringList ids = {"44955a05…321d", "9738c89d…6879", "b572f1c1…8b4d", "097e0ccf…b541",
                             "35ba96eb…4f57", "5cc54fce…cbb2", "f5a71a43…0bd7", "2c684189…1774"};
    const QStringList calls = {"wallet.Transfer", "wallet.TopUp",    "poe.Register",
                               "wallet.Transfer", "wallet.Transfer", "wallet.Withdraw",
                               "digitalid.Issue", "wallet.Transfer"};
    const QStringList orgs = {"AB", "RB", "AB", "AB", "HP", "AB", "RG", "RB"};
    const QHash<QString, int> series = {{"AB", 0}, {"RB", 1}, {"HP", 2}, {"RG", 3}};
    for (int i = 0; i < ids.size(); ++i) {
        auto* creator = with(item({}), cell::ChipText, orgs[i]);
        creator->setData(series[orgs[i]], cell::ChipSeries);
        const bool bad = i == 7;
        model->appendRow({item(QString::number(i)), item(ids[i]),
                          with(item(calls[i]), cell::Monospace, true), creator,
                          with(item(bad ? "Conflict" : "Valid"), cell::Glyph,
                               int(bad ? Status::Error : Status::Ok))});
    }
    return model;
}

QStandardItem* diff(const QString& text, cell::DiffKind kind, const QString& unit = {}) {
    auto* made = with(item(text), cell::Diff, int(kind));
    if (kind == cell::DiffKind::None) made->setData(int(Tone::Text2), cell::TextTone);
    if (!unit.isEmpty()) made->setData(unit, cell::Secondary);
    return made;
}

QStandardItemModel* readWriteSet(QObject* parent) {
    auto* model = new QStandardItemModel(0, 4, parent);
    model->setHorizontalHeaderLabels({"Key", "Read at version", "Before", "After"});
    auto* group = with(item("wallet"), cell::GlyphName, "chaincode");
    group->setData(true, cell::Monospace);
    group->setData("3 reads, 3 writes", cell::Secondary);
    QList<QStandardItem*> head = {group, item({}), item({}), item({})};
    for (auto* cell : head) cell->setData(true, cell::GroupRow);
    model->appendRow(head);
    using K = cell::DiffKind;
    const auto row = [&](const QString& key, const QString& version, QStandardItem* before,
                         QStandardItem* after) {
        auto* read = with(item(version), cell::Monospace, version.contains(':'));
        if (!version.contains(':')) read->setData(int(Tone::Text2), cell::TextTone);
        model->appendRow({with(item(key), cell::Monospace, true), read, before, after});
    };
    row("acct/2041", "1,204,192 : 7", diff("balance 18,420.00", K::Before),
        diff("balance 17,170.00", K::After, "EUR"));
    row("acct/7730", "1,204,207 : 2", diff("balance 3,905.50", K::Before),
        diff("balance 5,155.50", K::After, "EUR"));
    row("limit/2041/2026-03-17", "1,204,192 : 7", diff("read only", K::None),
        diff("not written", K::None));
    row("transfer/T-90417", "not read", diff("does not exist", K::None),
        diff("{\"amount\":\"1250.00\",\"ccy\":\"EUR\",\"memo\":\"INV-3318\"}", K::After));
    return model;
}

QStandardItemModel* endorsements(QObject* parent) {
    auto* model = new QStandardItemModel(0, 5, parent);
    model->setHorizontalHeaderLabels(
        {"Organisation", "Endorsed by", "Certificate", "Algorithm", "Signature"});
    const auto org = [](const QString& name, int series) {
        auto* made = with(item(name), cell::ChipText, monogram(name));
        made->setData(series, cell::ChipSeries);
        return made;
    };
    model->appendRow({org("ArxanBank", 0), item("peer0.arxanbank"),
                      with(item("4f:9a:…:c1:07"), cell::Monospace, true), item("ECDSA P-256"),
                      with(item("Verified"), cell::Glyph, int(Status::Ok))});
    model->appendRow({org("RiverBank", 1), item("peer0.riverbank"),
                      with(item("71:0e:…:3b:e2"), cell::Monospace, true), item("ECDSA P-256"),
                      with(item("Verified"), cell::Glyph, int(Status::Ok))});
    auto* third = org("HarborPay", 2);
    third->setData(int(Tone::Text2), cell::TextTone);
    model->appendRow({third, with(item("not asked"), cell::TextTone, int(Tone::Text2)), item({}),
                      item({}), with(item("Not needed"), cell::Glyph, int(Status::None))});
    return model;
}

QWidget* inspector() {
    auto* all = new QWidget;
    auto* layout = new QVBoxLayout(all);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(8);
    auto* head = new QHBoxLayout;
    auto* id = new CopyLabel("097e0ccf9966c4838f1d2ab41e7745c0f2b19d6e0cc7b82aa329b541");
    id->setShortened(16, 12);
    id->setWhat("transaction ID");
    head->addWidget(id);
    auto* badge = new Badge;
    badge->setStatus(Status::Ok, "VALID, code 0");
    head->addWidget(badge);
    head->addStretch(1);
    head->addWidget(makeButton("Replay flow", ButtonTone::Secondary, "replay", ButtonSize::Small));
    head->addWidget(makeButton("Export…", ButtonTone::Secondary, "download", ButtonSize::Small));
    head->addWidget(new IconButton("left", "Previous transaction"));
    head->addWidget(new IconButton("right", "Next transaction"));
    layout->addLayout(head);
    auto* tabs = new QTabBar;
    tabs->setDrawBase(true);
    for (const auto* name : {"Decoded", "Events  1", "Envelope tree", "Raw bytes"})
        tabs->addTab(name);
    layout->addWidget(tabs);
    auto* grid = new DetailGrid(2);
    auto* chip = new OrgChip;
    chip->setOrganisation("ArxanBank", 0);
    auto* by = new QWidget;
    auto* byRow = new QHBoxLayout(by);
    byRow->setContentsMargins(0, 0, 0, 0);
    byRow->addWidget(chip);
    byRow->addWidget(new Label("teller-04, client", Type::Table), 1);
    grid->addWidget("Submitted by", by);
    grid->addText("Policy", "2 of 3 banks, satisfied by 2");
    grid->addText("Latency", "438 ms, submit to commit");
    grid->addText("Transient data", "none");
    grid->nextSpansRow();
    grid->addText("Arguments", "from=acct/2041 to=acct/7730 amount=1250.00 ccy=EUR memo=INV-3318",
                  Type::Mono);
    layout->addWidget(grid);
    auto* title = new SectionHeader("Read and write set");
    auto* check = new QCheckBox("Decode values as JSON");
    check->setChecked(true);
    title->addAction(check);
    layout->addWidget(title);
    auto* set = new DataTable;
    set->setModel(readWriteSet(set));
    set->setColumnDelegate<DiffDelegate>(2);
    set->setColumnDelegate<DiffDelegate>(3);
    for (int i = 0; i < 3; ++i) set->setColumnWidth(i, QList<int>{180, 136, 164}[i]);
    set->setFitsContent(true);
    layout->addWidget(set);
    layout->addWidget(new SectionHeader("Endorsements"));
    auto* signatures = new DataTable;
    signatures->setModel(endorsements(signatures));
    for (int i = 0; i < 4; ++i) signatures->setColumnWidth(i, QList<int>{150, 170, 150, 110}[i]);
    signatures->setFitsContent(true);
    layout->addWidget(signatures);
    layout->addWidget(new SectionHeader("Position in the chain"));
    auto* chain = new ChainStrip;
    using L = ChainBlock::Link;
    chain->setBlocks({{"1,204,208", "ad7d7883…53e84b", false, L::Unknown, 1},
                      {"1,204,209", "58f58496…4d1cb1", true, L::Holds, 2},
                      {"1,204,210", "e4f5911c…52d756", false, L::Holds, 3}});
    chain->setNote(
        {"Data hash recomputed", "Signed by orderer0.arxanbank", "Same on 5 of 6 peers"});
    layout->addWidget(chain);
    layout->addStretch(1);
    return all;
}

QWidget* master(QWidget* parent) {
    auto* all = new QWidget(parent);
    auto* layout = new QVBoxLayout(all);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* blocks = new DataTable;
    blocks->setObjectName("blocks");
    blocks->setModel(sampleBlocks(blocks));
    blocks->setColumnDelegate<MonoDelegate>(0);
    blocks->setColumnDelegate<MonoDelegate>(1);
    blocks->setColumnDelegate<BarDelegate>(2);
    blocks->setColumnDelegate<MonoDelegate>(4);
    blocks->setColumnDelegate<GlyphTextDelegate>(5);
    for (int i = 0; i < 5; ++i) blocks->setColumnWidth(i, QList<int>{92, 98, 105, 58, 92}[i]);
    blocks->horizontalHeader()->setSortIndicatorShown(true);
    blocks->horizontalHeader()->setSortIndicator(0, Qt::DescendingOrder);
    blocks->selectRow(3);
    layout->addWidget(blocks, 4);
    auto* head = new SectionHeader("Block 1,204,209");
    head->setPane(true);
    head->setSummary("10 transactions, 1 invalid, 43 KB");
    layout->addWidget(head);
    auto* list = new DataTable;
    list->setModel(transactions(list));
    list->setColumnDelegate<MonoDelegate>(1);
    list->setColumnDelegate<ChipDelegate>(3);
    for (int i = 0; i < 4; ++i) list->setColumnWidth(i, QList<int>{44, 122, 184, 58}[i]);
    list->selectRow(3);
    layout->addWidget(list, 3);
    all->setFixedWidth(500);
    return all;
}

}  // namespace

QStandardItemModel* sampleBlocks(QObject* parent) {
    auto* model = new QStandardItemModel(0, 6, parent);
    model->setHorizontalHeaderLabels(
        {"Block", "Time, UTC", "Transactions", "Size", "Block hash", "Chain"});
    header(*model, 3, Qt::AlignRight);
    header(*model, 5, Qt::AlignHCenter);
    const QList<int> counts = {12, 9, 14, 10, 18, 7, 11, 16, 13, 9, 12, 15, 8, 11};
    const QList<int> bad = {0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0};
    const QStringList hashes = {"26fc…f8d4", "6e93…2673", "e4f5…d756", "58f5…1cb1", "ad7d…e84b",
                                "e9c7…b2ee", "9874…289a", "5929…17c2", "feed…b61c", "b0fd…5b54",
                                "f9da…a1b8", "5746…7a7b", "bf4b…0845", "11aa…22bb"};
    for (int i = 0; i < counts.size(); ++i) {
        auto* count = item({});
        count->setData(counts[i], cell::BarValue);
        count->setData(24, cell::BarMaximum);
        count->setData(bad[i], cell::BarBad);
        auto* hash = with(item(hashes[i]), cell::TextTone, int(Tone::Text2));
        model->appendRow(
            {item(QLocale(QLocale::English).toString(1204212 - i)),
             item(QString("14:32:%1.%2").arg(6 - i / 2, 2, 10, QChar('0')).arg(i % 2 ? 30 : 81)),
             count, item(QString("%1 KB").arg(counts[i] * 4 + 3), Qt::AlignRight), hash,
             with(item({}, Qt::AlignHCenter), cell::Glyph, int(Status::Ok))});
    }
    return model;
}

HistogramModel sampleHistogram() {
    HistogramModel model;
    model.begin = QDateTime(QDate(2026, 3, 16), QTime(14, 30), Qt::UTC);
    model.end = model.begin.addDays(1);
    for (int i = 0; i < 154; ++i) {
        const double wave = 14 + 8 * std::sin(i / 24.0 - 1.2) + (i * 7) % 5;
        model.bars.push_back({std::round(wave), i % 11 == 2 ? 1.0 : 0.0});
    }
    return model;
}

QWidget* sampleLedger() {
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* header = new PageHeader("Ledger");
    header->setSummary("settlement on peer0.regulator");
    auto* verified = new Badge;
    verified->setLarge(true);
    verified->setStatus(Status::Ok, "Chain verified, blocks 0 to 1,204,212");
    header->addAction(verified);
    header->addAction(makeButton("Verify again", ButtonTone::Secondary, "shield"));
    header->addAction(makeButton("Export range…", ButtonTone::Secondary, "download"));
    layout->addWidget(header);
    auto* bar = new Toolbar;
    bar->addWidget(query(), 1);
    auto* range = new QComboBox;
    range->addItem(icon("calendar"), "Last 24 hours");
    auto* result = new QComboBox;
    result->addItem("Any result");
    auto* follow = new QCheckBox("Follow new blocks");
    follow->setChecked(true);
    bar->addWidget(range);
    bar->addWidget(result);
    bar->addWidget(follow);
    layout->addWidget(bar);
    auto* histogram = new TimeHistogram;
    histogram->setModel(sampleHistogram());
    const auto begin = histogram->model().begin;
    histogram->setRange(begin.addSecs(21 * 3600), begin.addSecs(24 * 3600));
    layout->addWidget(histogram);
    auto* split = new QSplitter;
    split->addWidget(master(split));
    split->addWidget(inspector());
    layout->addWidget(split, 1);
    page->setFixedSize(1263, 828);
    return page;
}

}  // namespace chancery::test
