#include <QDir>
#include <QElapsedTimer>
#include <QScrollArea>
#include <QScrollBar>
#include <QTabBar>

#include "tests/support/LayoutCheck.h"
#include "tests/support/TestMain.h"
#include "tests/ui/pages/LedgerFixture.h"
#include "ui/bridge/GuiExecutor.h"
#include "ui/models/LedgerExports.h"
#include "ui/pages/TransactionInspector.h"
#include "ui/shell/Translations.h"
#include "ui/widgets/DataTable.h"

using namespace chancery;
using namespace chancery::ui;
using namespace chancery::test;

/// The page at both sizes and in both themes: nothing is cut or lies on something else. With
/// CHANCERY_KEEP_SHOTS the pictures are kept in the build folder.
class LedgerLayoutTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QDir().mkpath(QStringLiteral(CHANCERY_SHOTS)); }

    void nothingIsCut_data() {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<bool>("dark");
        QTest::addColumn<QString>("language");
        // What the shell leaves of 1440 × 900 and of 1100 × 700.
        QTest::newRow("wide-light") << QSize(1264, 828) << false << "en";
        QTest::newRow("wide-zh-dark") << QSize(1264, 828) << true << "zh_CN";
        QTest::newRow("small-zh-light") << QSize(1052, 628) << false << "zh_CN";
        QTest::newRow("small-dark") << QSize(1052, 628) << true << "en";
    }

    void nothingIsCut() {
        QFETCH(QSize, size);
        QFETCH(bool, dark);
        QFETCH(QString, language);
        Translations translations(*qApp);
        translations.use(language);
        LedgerFixture at(size);
        Theme::instance().setMode(dark ? Theme::Mode::Dark : Theme::Mode::Light);
        check(at, at.page, "closed");
        QVERIFY(at.openVectors());
        QVERIFY(at.shows(277, 0));
        for (const auto& [block, index, name] :
             std::initializer_list<std::tuple<quint64, quint64, const char*>>{
                 {40, 0, "valid"}, {87, 1, "conflict"}, {85, 0, "config"}, {187, 0, "join"}}) {
            at.page.showTransaction(block, index);
            QVERIFY(at.shows(block, index));
            check(at, at.page, name);
        }
        auto* inspector = at.find<TransactionInspector>("transactionInspector");
        at.page.showTransaction(87, 1);
        QVERIFY(at.shows(87, 1));
        for (const auto& [tab, name] :
             std::initializer_list<std::pair<TransactionInspector::Tab, const char*>>{
                 {TransactionInspector::Events, "events"},
                 {TransactionInspector::Envelope, "envelope"},
                 {TransactionInspector::Raw, "raw"}}) {
            inspector->setTab(tab);
            check(at, at.page, name);
        }
        inspector->setTab(TransactionInspector::Decoded);
        at.find<QScrollArea>("decodedScroll")->verticalScrollBar()->setValue(100000);
        check(at, at.page, "scrolled");
        at.model.setQuery(QStringLiteral("key:nobody"));
        QTRY_VERIFY(at.model.noHits());
        check(at, at.page, "nohits");
        at.model.setQuery({});
        at.page.openExport(false);
        dialog(at, "exportDialog");

        at.page.openFindings();
        dialog(at, "findingsDialog");
        at.page.openCompare();
        dialog(at, "compareDialog");
        at.page.showKey(QStringLiteral("assets"), {}, QByteArray("pub:first"));
        dialog(at, "keyDialog");
    }

    /// Frame times over a list of a million blocks: told, not judged.
    void scrollingABigList() {
        BlockModel model;
        model.setFetch([](std::uint64_t first, std::size_t count,
                          std::stop_token) -> Result<usecase::BlockPage> {
            usecase::BlockPage page;
            page.total = 1'000'000;
            for (std::uint64_t row = first; row < first + count && row < page.total; ++row) {
                usecase::BlockRow block;
                block.number = page.total - 1 - row;
                block.transactions = block.number % 19;
                block.valid = block.transactions;
                block.hash = std::string(32, static_cast<char>(block.number));
                page.rows.push_back(std::move(block));
            }
            return page;
        });
        DataTable table;
        table.setModel(&model);
        table.resize(500, 700);
        table.show();
        QTRY_COMPARE(model.rowCount(), 1'000'000);
        std::vector<double> frames;
        QElapsedTimer timer;
        for (int step = 0; step < 300; ++step) {
            timer.start();
            table.verticalScrollBar()->setValue(table.verticalScrollBar()->value() + 97);
            table.viewport()->repaint();
            frames.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
            QCoreApplication::processEvents();
        }
        std::sort(frames.begin(), frames.end());
        qInfo(
            "scrolling 1,000,000 blocks: median %.2f ms, 95 %% %.2f ms, slowest %.2f ms per frame",
            frames[frames.size() / 2], frames[frames.size() * 95 / 100], frames.back());
        QCOMPARE(frames.size(), std::size_t(300));
    }

private:
    void check(LedgerFixture&, QWidget& widget, const char* name) {
        QVERIFY(QTest::qWaitFor(GuiExecutor::idle, 30000));
        // Layouts follow what arrived in events of their own.
        QStringList complaints;
        (void)QTest::qWaitFor(
            [&] {
                complaints = layoutComplaints(widget);
                return complaints.isEmpty();
            },
            5000);
        if (qEnvironmentVariableIsSet("CHANCERY_KEEP_SHOTS"))
            widget.grab().save(
                QStringLiteral(CHANCERY_SHOTS "/ledger-%1-%2.png")
                    .arg(QString::fromLatin1(QTest::currentDataTag()), QString::fromLatin1(name)));
        QVERIFY2(complaints.isEmpty(),
                 qPrintable(QLatin1String(name) + QLatin1String(": ") + complaints.join('\n')));
    }

    void dialog(LedgerFixture& at, const char* name) {
        auto* dialog = at.page.findChild<QDialog*>(QString::fromLatin1(name));
        QVERIFY(dialog);
        check(at, *dialog, name);
        dialog->close();
        QTRY_VERIFY(!at.page.findChild<QDialog*>(QString::fromLatin1(name)));
    }
};

CHANCERY_TEST(LedgerLayoutTest)
#include "LedgerLayoutTest.moc"
