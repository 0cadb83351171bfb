#pragma once

#include <QApplication>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "tests/support/Vectors.h"
#include "ui/models/LedgerPageModel.h"
#include "ui/models/Settings.h"
#include "ui/shell/Console.h"
#include "ui/shell/MainWindow.h"

namespace chancery::test {

/// The whole console in a workspace of its own, shown.
struct ShellFixture {
    QTemporaryDir folder;
    ui::Settings settings{folder.filePath("settings.ini")};
    std::unique_ptr<ui::Console> console;

    explicit ShellFixture(QSize size = {1440, 900}, const QString& language = "en") {
        settings.setLanguage(language);
        settings.setAppearance(ui::Settings::Appearance::Light);
        settings.setReducedMotion(true);
        console = std::make_unique<ui::Console>(*static_cast<QApplication*>(qApp), settings,
                                                folder.path(), QString());
        console->show();
        window().resize(size);
        // Without a window system nobody makes a window the active one.
        (void)QTest::qWaitForWindowExposed(&window());
        QApplication::setActiveWindow(&window());
    }
    ui::MainWindow& window() { return console->window(); }
    ui::LedgerPageModel& ledger() { return console->ledger(); }

    static QString path(const char* relative) {
        return QString::fromStdString(vectorPath(relative).string());
    }
    /// Opens and waits for the end of the verification.
    bool open(const QString& path) {
        console->open({path}, {});
        return QTest::qWaitFor(
            [this] {
                using Phase = usecase::LedgerStatus::Phase;
                const auto phase = ledger().status().phase;
                return ledger().state() == ui::LedgerPageModel::State::Failed ||
                       ((phase == Phase::Done || phase == Phase::Failed) &&
                        ledger().verification().fraction < 0);
            },
            60000);
    }
    bool openVectors() { return open(path("ledger/peer_blockfile_000000")); }
};

}  // namespace chancery::test
