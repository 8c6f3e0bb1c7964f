using System.Globalization;
using Actors.Domain.Books;
using Actors.Domain.Connection;
using Actors.Domain.Switch;
using Akka.Configuration;

namespace Actors.Engine.Session;

/// <summary>A configuration file that cannot be used; the message names file, key and what was expected.</summary>
public sealed class EngineConfigurationException : Exception
{
    public EngineConfigurationException(string message)
        : base(message)
    {
    }

    public EngineConfigurationException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public EngineConfigurationException()
    {
    }
}

/// <summary>How actors run: Akka's own settings and the engine's timings, read from HOCON and checked before anything starts.</summary>
public sealed record EngineConfiguration(Config Akka, EngineTimings Timings)
{
    private const string Root = "actors";

    /// <summary>Signatures are good until a whole second, and one more is left before it: less would often be over before the request arrives.</summary>
    private static readonly TimeSpan RequestLifeMin = TimeSpan.FromSeconds(3);

    private static readonly string[] Keys =
    [
        "supervision.recreate-min", "supervision.recreate-max", "supervision.restarts-per-minute-max", "supervision.waiting-max",
        "orders.request-life", "strategies.refused-pause", "books.crossed-max", "books.silent-max", "books.waiting-max", "stop.max",
        "recorder.batch-age", "recorder.batch-frames", "journal.keep-state-after",
        "connection.step-timeout", "connection.silence-max", "connection.ping-timeout", "connection.backoff-min", "connection.backoff-max",
        "connection.openings-per-hour-max", "connection.waiting-max",
    ];

    /// <summary>Throws <see cref="EngineConfigurationException"/> with one line: file, key, and what was expected.</summary>
    public static EngineConfiguration Parse(string file, string hocon)
    {
        Config config;
        try
        {
            config = ConfigurationFactory.ParseString(hocon);
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            throw new EngineConfigurationException($"{file}: not HOCON: {broken.Message.Split('\n')[0].Trim()}", broken);
        }

        var reader = new Reader(file, config);
        reader.RefuseUnknown();
        var timings = new EngineTimings
        {
            RecreateMin = reader.Duration("supervision.recreate-min"),
            RecreateMax = reader.Duration("supervision.recreate-max"),
            RestartsPerMinuteMax = reader.Count("supervision.restarts-per-minute-max"),
            WaitingMax = reader.Count("supervision.waiting-max"),
            RequestLife = reader.Duration("orders.request-life"),
            KeepStateAfter = reader.Count("journal.keep-state-after"),
            RefusedPause = reader.Duration("strategies.refused-pause"),
            Books = new BookWatchSettings { CrossedMax = reader.Duration("books.crossed-max"), SilentMax = reader.Duration("books.silent-max") },
            BookBacklogMax = reader.Count("books.waiting-max"),
            FrameBacklogMax = reader.Count("connection.waiting-max"),
            StopMax = reader.Duration("stop.max"),
            FrameBatchAge = reader.Duration("recorder.batch-age"),
            FrameBatchMax = reader.Count("recorder.batch-frames"),
            Connection = new ConnectionSettings
            {
                StepTimeout = reader.Duration("connection.step-timeout"),
                SilenceMax = reader.Duration("connection.silence-max"),
                PingTimeout = reader.Duration("connection.ping-timeout"),
                BackoffMin = reader.Duration("connection.backoff-min"),
                BackoffMax = reader.Duration("connection.backoff-max"),
                OpeningsPerHourMax = reader.Count("connection.openings-per-hour-max"),
            },
        };
        return new EngineConfiguration(config, timings);
    }

    /// <summary>
    /// These settings under a switch: no request lives longer than it leaves. Throws <see cref="EngineConfigurationException"/> with one line when that is too short to
    /// be of use.
    /// </summary>
    public EngineConfiguration Under(SwitchSettings dead)
    {
        ArgumentNullException.ThrowIfNull(dead);
        var most = dead.RequestLifeMax;
        if (most >= Timings.RequestLife) return this;
        if (most >= RequestLifeMin) return this with { Timings = Timings with { RequestLife = most } };
        throw new EngineConfigurationException(string.Create(
            CultureInfo.InvariantCulture,
            $"accountWideCancelAfter: a switch of {dead.Timeout.TotalSeconds} s leaves a request {most.TotalSeconds:0.##} s before it could rest after the switch has fired, and it needs {RequestLifeMin.TotalSeconds} s; expected 8s or more"));
    }

    private sealed class Reader(string file, Config config)
    {
        public TimeSpan Duration(string key)
        {
            var text = Text(key, "a duration above zero, such as 250ms or 10s");
            var value = TimeSpan.Zero;
            try
            {
                value = config.GetTimeSpan($"{Root}.{key}", null, allowInfinite: false);
            }
            catch (Exception broken) when (broken is FormatException or OverflowException or ArgumentException)
            {
                throw Wrong(key, text, "a duration above zero, such as 250ms or 10s", broken);
            }

            return value > TimeSpan.Zero ? value : throw Wrong(key, text, "a duration above zero, such as 250ms or 10s");
        }

        public int Count(string key)
        {
            const string Expected = "a whole number from 1 to 1000000";
            var text = Text(key, Expected);
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is > 0 and <= 1_000_000
                ? value
                : throw Wrong(key, text, Expected);
        }

        public void RefuseUnknown()
        {
            foreach (var group in config.GetConfig(Root)?.AsEnumerable() ?? [])
            {
                if (!group.Value.IsObject()) throw new EngineConfigurationException($"{file}: {Root}.{group.Key}: not a known key");
                foreach (var key in group.Value.GetObject().Items.Keys.Select(key => $"{group.Key}.{key}").Where(key => !Keys.Contains(key)))
                    throw new EngineConfigurationException($"{file}: {Root}.{key}: not a known key");
            }
        }

        private string Text(string key, string expected) => config.HasPath($"{Root}.{key}")
            ? config.GetString($"{Root}.{key}")
            : throw new EngineConfigurationException($"{file}: {Root}.{key}: missing, expected {expected}");

        private EngineConfigurationException Wrong(string key, string text, string expected, Exception? inner = null)
        {
            var message = $"{file}: {Root}.{key}: '{text}' is not {expected}";
            return inner is null ? new EngineConfigurationException(message) : new EngineConfigurationException(message, inner);
        }
    }
}
