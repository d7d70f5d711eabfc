using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Globalization;
using Lae.Composition;
using Lae.Host.Configuration;

namespace Lae.Host.Commands;

/// <summary>The commands and options of the program, and how its arguments are read.</summary>
internal sealed class CommandLine
{
    private readonly Option<string?> trainingFile = new("--config") { Description = "read this JSON file instead of appsettings.json", HelpName = "file" };
    private readonly Option<string?> samplingFile = new("--config") { Description = "the JSON file of target and kernel", HelpName = "file" };
    private readonly Option<string?> inferenceFile = new("--config") { Description = "the JSON file of problem and methods", HelpName = "file" };
    private readonly Option<string?> output = new("--out") { Description = "write to this run folder, new or empty (default: runs/<time>-<name>)", HelpName = "folder" };
    private readonly Option<ulong?> seed = new("--seed") { Description = "the seed, as --Seed=n", HelpName = "n" };
    private readonly Option<int?> threads = new("--threads") { Description = "threads to compute with, 0 for all processors, as --Threads=n", HelpName = "n" };
    private readonly Option<string?> resume = new("--resume") { Description = "continue the run in this folder from its last checkpoint; only --threads may go with it", HelpName = "run folder" };
    private readonly Option<bool> verbose = new("--verbose") { Description = "show where an unexpected failure arose" };
    private readonly Argument<string[]> settings = new("--Section:Key=value") { Description = "settings over those of the JSON file and the environment, as --Model:LatentSize=4 or --Kernel:StepSize=0.2", Arity = ArgumentArity.ZeroOrMore };
    private readonly RunUseOptions use = new();
    private readonly RootCommand root = new("Trains the latent variable model that a JSON file describes, and writes a run folder with figures, weights, pictures and a report.");
    private readonly Command train = new("train", "The same as no command: trains the latent variable model that a JSON file describes.");
    private readonly Command sample = new("sample", "Samples the target that a JSON file describes with the kernel that it describes, and writes a run folder with the draws and a summary.");
    private readonly Command laws = new("laws", "Puts the kernel that a JSON file describes to the laws that apply to it: one line a law.");
    private readonly Command infer = new("infer", "Holds the methods of inference that a JSON file describes beside each other on a known generative model, and writes a run folder with figures and pictures.");

    public CommandLine()
    {
        Fill(root, trainingFile, output, seed, threads, resume, verbose);
        Fill(train, trainingFile, output, seed, threads, resume, verbose);
        root.Subcommands.Add(train);
        use.AddTo(root, settings, (seed, threads, verbose));
        Fill(sample, samplingFile, output, seed, threads, resume, verbose);
        Fill(laws, samplingFile, seed, threads, verbose);
        Fill(infer, inferenceFile, output, seed, threads, verbose);
        root.Subcommands.Add(sample);
        root.Subcommands.Add(laws);
        root.Subcommands.Add(infer);
    }

    /// <summary>Reads arguments.</summary>
    /// <param name="args">The arguments of the program.</param>
    /// <param name="writer">Where help and version go.</param>
    /// <param name="help">Writes what the program can tell about the configuration of a command.</param>
    /// <returns>Null if the arguments asked for help or the version, which was written.</returns>
    /// <exception cref="BadInputException">An unknown option, or a value that is not one.</exception>
    public CommandLineArguments? Parse(IReadOnlyList<string> args, TextWriter writer, Action<CommandName, TextWriter> help)
    {
        ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        if (parsed.Errors.Count > 0)
        {
            throw new BadInputException($"command line: {parsed.Errors[0].Message}");
        }

        Command command = parsed.CommandResult.Command;
        CommandName name = command == sample ? CommandName.Sample : command == laws ? CommandName.Laws : command == infer ? CommandName.Infer : use.NameOf(command) ?? CommandName.Train;
        if (parsed.Action != command.Action)
        {
            parsed.Invoke(new InvocationConfiguration { Output = writer, Error = writer });
            if (parsed.Action is HelpAction)
            {
                help(name, writer);
            }

            return null;
        }

        List<KeyValuePair<string, string>> given = [.. (parsed.GetValue(settings) ?? []).Select(token => Setting(token, command))];
        Add(given, "Seed", parsed.GetValue(seed)?.ToString(CultureInfo.InvariantCulture));
        Add(given, "Threads", parsed.GetValue(threads)?.ToString(CultureInfo.InvariantCulture));
        string? twice = given.GroupBy(setting => setting.Key, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1)?.Key;
        CommandLineArguments arguments = new(
            name,
            parsed.GetValue(name == CommandName.Train ? trainingFile : name == CommandName.Infer ? inferenceFile : samplingFile),
            use.NameOf(command) is null ? parsed.GetValue(output) : use.OutputOf(parsed, name),
            parsed.GetValue(resume),
            parsed.GetValue(verbose),
            given,
            use.Read(parsed, name));
        return twice is null ? Checked(arguments) : throw new BadInputException($"command line: {twice} is given twice");
    }

    private void Fill(Command command, params ReadOnlySpan<Option> options)
    {
        command.Arguments.Add(settings);
        command.SetAction(_ => 0); // what a command does is not the parser's to know; without an action it would ask for a subcommand
        foreach (Option option in options)
        {
            command.Options.Add(option);
        }
    }

    private static CommandLineArguments Checked(CommandLineArguments arguments)
    {
        if (arguments.Command is CommandName.Generate or CommandName.Encode or CommandName.Score or CommandName.Evaluate)
        {
            return WithoutForeignSettings(arguments);
        }

        if (arguments.ResumeFolder is null)
        {
            return arguments;
        }

        string? refused = arguments.ConfigurationFile is not null ? "--config"
            : arguments.OutputFolder is not null ? "--out"
            : arguments.Settings.Where(setting => !string.Equals(setting.Key, "Threads", StringComparison.OrdinalIgnoreCase)).Select(setting => $"--{setting.Key}").FirstOrDefault();
        return refused is null
            ? arguments
            : throw new BadInputException($"command line: {refused} cannot go with --resume, which continues a run by its own configuration; only --threads can");
    }

    /// <summary>A finished run is used by its own configuration; how it is judged can be chosen anew.</summary>
    private static CommandLineArguments WithoutForeignSettings(CommandLineArguments arguments)
    {
        bool isEvaluation = arguments.Command == CommandName.Evaluate;
        string? refused = arguments.Settings.Select(setting => setting.Key).FirstOrDefault(key =>
            !string.Equals(key, "Threads", StringComparison.OrdinalIgnoreCase)
            && !string.Equals(key, "Seed", StringComparison.OrdinalIgnoreCase) // of evaluate it is no option
            && !(isEvaluation && key.StartsWith("Evaluation:", StringComparison.OrdinalIgnoreCase)));
        refused ??= isEvaluation && arguments.Settings.Any(setting => string.Equals(setting.Key, "Seed", StringComparison.OrdinalIgnoreCase)) ? "Seed" : null;
        return refused is null
            ? arguments
            : throw new BadInputException(
                $"command line: --{refused} cannot go with {(isEvaluation ? "evaluate, which judges a run by its own configuration; only --threads and settings of the section Evaluation can" : $"{arguments.Command.ToString().ToLowerInvariant()}, which uses a run by its own configuration; only --seed and --threads can")}");
    }

    private static void Add(List<KeyValuePair<string, string>> settings, string key, string? value)
    {
        if (value is not null)
        {
            settings.Add(new KeyValuePair<string, string>(key, value));
        }
    }

    private KeyValuePair<string, string> Setting(string token, Command command)
    {
        int equals = token.IndexOf('=', StringComparison.Ordinal);
        if (token.StartsWith("--", StringComparison.Ordinal) && equals > 2)
        {
            return new KeyValuePair<string, string>(token[2..equals], token[(equals + 1)..]);
        }

        if (token.StartsWith("--", StringComparison.Ordinal))
        {
            string hint = token.Contains(':', StringComparison.Ordinal) || char.IsAsciiLetterUpper(token.ElementAtOrDefault(2))
                ? $"; a setting is written {token}=value"
                : NearestKey.Suggest(token, command.Options.Select(option => option.Name));
            throw new BadInputException($"command line: unknown option {token}{hint}; see --help");
        }

        throw new BadInputException($"command line: unexpected \"{token}\"{(command == root ? NearestKey.Suggest(token, root.Subcommands.Select(known => known.Name)) : string.Empty)}; see --help");
    }
}
