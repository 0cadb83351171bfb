// What a person waits for in the console: from the start of the program to a window that answers,
// and the frames while a list of a million blocks is scrolled. No display is needed.
#include <fmt/format.h>
#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QProcess>
#include <QScrollBar>
#include <QTimer>
#include <algorithm>

#include "tests/bench/Bench.h"
#include "tests/bench/BenchData.h"
#include "ui/bridge/GuiExecutor.h"
#include "ui/models/BlockModel.h"
#include "ui/models/LedgerPageModel.h"
#include "ui/models/Settings.h"
#include "ui/shell/Console.h"
#include "ui/shell/MainWindow.h"
#include "ui/widgets/DataTable.h"

namespace chancery::bench {
namespace {

constexpr std::uint64_t kRows = 1'000'000;
constexpr double kFrame = 1.0 / 60;
constexpr int kStarts = 5, kFrames = 300;

Status failed(std::string_view reason, std::string_view sentence) {
    return makeError(StatusCode::kInternal, reason, sentence);
}

/// One for the whole program, as Qt wants it.
QApplication& application() {
    static int count = 1;
    static char name[] = "chancery_bench";
    static char* arguments[] = {name, nullptr};
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    // Never destroyed: at the end of the process, what it would ask of Qt is gone already.
    static auto* const made = new QApplication(count, arguments);
    return *made;
}

/// Seconds until the started program says that its window answers.
Result<double> startOnce(const QString& program, const QString& workspace) {
    QProcess process;
    const QString log = workspace + QStringLiteral("/chancery.log");
    QFile::remove(log);
    const double begun = wallSeconds();
    process.start(program, {QStringLiteral("--workspace"), workspace});
    if (!process.waitForStarted()) return failed("NO_PROGRAM", "the console cannot be started");
    double took = 0;
    while (took == 0 && wallSeconds() - begun < 60) {
        QFile file(log);
        if (file.open(QFile::ReadOnly) && file.readAll().contains("usable after"))
            took = wallSeconds() - begun;
        else if (process.waitForFinished(1))
            break;
    }
    process.terminate();
    if (!process.waitForFinished(10'000)) process.kill();
    process.waitForFinished();
    if (took == 0) return failed("NOT_USABLE", "the console did not become usable");
    return took;
}

Status measureStarts(Report& report) {
    const QString program =
        QFile::symLinkTarget(QStringLiteral("/proc/self/exe"))
            .replace(QLatin1String("chancery_bench"), QLatin1String("chancery"));
    const ScratchFolder workspace(benchData());
    std::vector<double> all;
    for (int i = 0; i < kStarts; ++i) {
        ASSIGN_OR_RETURN(const double took,
                         startOnce(program, QString::fromStdString(workspace.path().string())));
        all.push_back(1e3 * took);
    }
    report.figure("console_start_ms", median(all), {.atLeast = {}, .atMost = 700});
    report.figure("console_start_longest_ms", *std::max_element(all.begin(), all.end()));
    return {};
}

bool waitFor(const std::function<bool()>& done, double seconds) {
    const double end = wallSeconds() + seconds;
    while (!done()) {
        if (wallSeconds() > end) return false;
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
    }
    return true;
}

/// The ledger's blocks over and over, so that the list has as many rows as is asked for; each page
/// is a question to the index, as ever.
ui::BlockModel::Fetch repeated(std::shared_ptr<const usecase::BrowseLedger> ledger) {
    return [ledger](std::uint64_t first, std::size_t count,
                    std::stop_token stop) -> Result<usecase::BlockPage> {
        usecase::BlockPage page;
        page.total = kRows;
        const std::size_t wanted = std::min<std::uint64_t>(count, kRows - std::min(first, kRows));
        const std::uint64_t blocks = ledger->status().blocks;
        while (page.rows.size() < wanted) {
            ASSIGN_OR_RETURN(auto part, ledger->blocks({}, (first + page.rows.size()) % blocks,
                                                       wanted - page.rows.size(), stop));
            if (part.rows.empty()) return failed("NO_ROWS", "the index gave no rows");
            std::move(part.rows.begin(), part.rows.end(), std::back_inserter(page.rows));
        }
        return page;
    };
}

struct Frames {
    std::vector<double> work;  ///< milliseconds of the GUI thread's processor time
    double seconds = 0;        ///< of them all, as they were shown
};

/// Moves the list by `step` rows 60 times a second; what arrives meanwhile is part of the frames.
Frames scroll(ui::DataTable& table, int step) {
    Frames frames;
    QScrollBar& bar = *table.verticalScrollBar();
    bar.setValue(0);
    const double begun = wallSeconds();
    for (int i = 0; i < kFrames; ++i) {
        const double work = threadCpuSeconds();
        const int next = bar.value() + step;
        bar.setValue(next > bar.maximum() ? 0 : next);
        QEventLoop frame;
        QTimer::singleShot(std::chrono::milliseconds(16), Qt::PreciseTimer, &frame,
                           &QEventLoop::quit);
        frame.exec();
        frames.work.push_back(1e3 * (threadCpuSeconds() - work));
    }
    frames.seconds = wallSeconds() - begun;
    std::sort(frames.work.begin(), frames.work.end());
    return frames;
}

Status measureScrolling(Report& report) {
    ASSIGN_OR_RETURN(const MeasuredLedger data, measuredLedger());
    // The index stays for the next run, as it does for people.
    const auto workspace = benchData() / fmt::format("console-{}", data.transactions);
    std::filesystem::create_directories(workspace);
    ui::Settings settings(QString::fromStdString((workspace / "settings.ini").string()));
    settings.setLanguage(QStringLiteral("en"));
    ui::Console console(application(), settings, QString::fromStdString(workspace.string()), {});
    console.show();
    console.window().resize(1440, 900);
    console.open({QString::fromStdString(data.folder.string())}, {});
    using Phase = usecase::LedgerStatus::Phase;
    if (!waitFor([&] { return console.ledger().status().phase == Phase::Done; }, 1800))
        return failed("NOT_READ", "the ledger was not read to its end");
    auto* table = console.window().findChild<ui::DataTable*>(QStringLiteral("blockTable"));
    if (table == nullptr) return failed("NO_TABLE", "there is no list of blocks");
    ui::BlockModel& blocks = *console.ledger().blocks();
    blocks.setFetch(repeated(console.ledger().ledger()));
    if (!waitFor([&] { return blocks.total() == kRows && blocks.blockAt(0).has_value(); }, 60))
        return failed("NO_ROWS", "the long list did not come");
    report.figure("console_scroll_rows", static_cast<double>(kRows));
    const int page = std::max(1, table->viewport()->height() / table->rowHeight(0));
    struct Pace {
        const char* name;
        int step;
    };
    for (const Pace& pace : {Pace{"wheel", 3}, Pace{"page", page}, Pace{"thumb", 4'001}}) {
        const Frames frames = scroll(*table, pace.step);
        const auto at = [&](double share) {
            return frames.work[static_cast<std::size_t>(
                share * static_cast<double>(frames.work.size() - 1))];
        };
        const std::string name = fmt::format("console_scroll_{}", pace.name);
        report.figure(name + "_frame_ms", at(0.5), {.atLeast = {}, .atMost = 1e3 * kFrame});
        report.figure(name + "_frame_p99_ms", at(0.99), {.atLeast = {}, .atMost = 1e3 * kFrame});
        report.figure(name + "_frame_longest_ms", at(1));
        report.figure(name + "_frames_per_s", kFrames / frames.seconds);
    }
    return {};
}

Status console(Report& report) {
    application();
    RETURN_IF_ERROR(measureStarts(report));
    const Status scrolled = measureScrolling(report);
    ui::GuiExecutor::shutDown();
    return scrolled;
}

const Registration kConsole("console", console);

}  // namespace
}  // namespace chancery::bench
