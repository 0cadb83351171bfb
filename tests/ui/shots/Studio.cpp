#include "tests/ui/shots/Studio.h"

#include <QApplication>
#include <QDialog>
#include <QElapsedTimer>
#include <QPainter>
#include <QPixmap>
#include <QThread>
#include <cstdio>

#include "ui/bridge/GuiExecutor.h"

namespace chancery::test {

using namespace ui;

namespace {
constexpr int kPatience = 30000, kCalm = 120;
}

Studio::Studio(const Look& look, const QString& folder) : m_look(look), m_folder(folder) {
    m_settings = std::make_unique<Settings>(m_workspace.filePath("settings.ini"));
    m_settings->setLanguage(look.language);
    m_settings->setAppearance(look.dark ? Settings::Appearance::Dark : Settings::Appearance::Light);
    m_settings->setReducedMotion(true);
    m_console = std::make_unique<Console>(*static_cast<QApplication*>(qApp), *m_settings,
                                          m_workspace.path(), m_workspace.filePath("chancery.log"));
    m_console->show();
    window().resize(look.size);
    settle();
}

Studio::~Studio() = default;

bool Studio::wait(const std::function<bool()>& holds) {
    QElapsedTimer timer;
    timer.start();
    while (!holds()) {
        if (timer.elapsed() > kPatience) return false;
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
    }
    return true;
}

void Studio::settle() {
    QElapsedTimer timer;
    timer.start();
    // Calm means that nothing has been asked or answered for a while.
    while (timer.elapsed() < kCalm) {
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
        if (!GuiExecutor::idle()) timer.restart();
    }
}

bool Studio::open(const QString& path) {
    m_console->open({path}, {});
    using Phase = usecase::LedgerStatus::Phase;
    const QString key = LedgerPageModel::keyOf({path});
    const bool done = wait([&] {
        if (ledger().key() != key) return false;  // still the one before
        const Phase phase = ledger().status().phase;
        return ledger().state() == LedgerPageModel::State::Failed ||
               ((phase == Phase::Done || phase == Phase::Failed) &&
                ledger().verification().fraction < 0);
    });
    settle();
    return done;
}

void Studio::closeDialogs() {
    for (QWidget* widget : QApplication::topLevelWidgets())
        if (widget != &window() && widget->isVisible()) widget->close();
    settle();
}

void Studio::shoot(const QString& name) {
    settle();
    QPixmap picture = window().grab();
    QPainter painter(&picture);
    for (QWidget* widget : QApplication::topLevelWidgets()) {
        if (widget == &window() || !widget->isVisible()) continue;
        QPoint at = widget->pos() - window().pos();
        if (qobject_cast<QDialog*>(widget) != nullptr)
            at = QPoint((window().width() - widget->width()) / 2,
                        (window().height() - widget->height()) / 2);
        painter.fillRect(QRect(at, widget->size()).adjusted(-1, -1, 1, 1), QColor(128, 128, 128));
        painter.drawPixmap(at, widget->grab());
    }
    painter.end();
    const QString file = m_folder + '/' + name + '-' + m_look.name + ".png";
    if (picture.save(file)) ++m_taken;
    // Seen once; it goes by itself after a while.
    if (auto* toast = window().findChild<QWidget*>(QStringLiteral("toast"))) toast->hide();
    std::printf("%s\n", qPrintable(file));
}

}  // namespace chancery::test
