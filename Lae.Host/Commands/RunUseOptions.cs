using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Lae.Host.Configuration;

namespace Lae.Host.Commands;

/// <summary>The commands that use finished runs, with their options and how these are read.</summary>
internal sealed class RunUseOptions
{
    private const int MostGenerated = 1_000_000;
    private const int MostRefined = 100_000;

    private readonly Option<string?> run = new("--run") { Description = "the folder of a finished training run", HelpName = "run folder", Required = true };
    private readonly Option<string?> output = new("--out") { Description = "a folder, or one file whose ending says its form; files that are there are not written over", HelpName = "folder or file", Required = true };
    private readonly Option<string?> compared = new("--out") { Description = "write the table as CSV, the pictures and a page to this folder, new or empty (default: print the table only)", HelpName = "folder" };
    private readonly Option<string?> data = new("--data") { Description = "observations of the form of the run's data: IDX or CSV, plain or gzip, or npz (default: the test observations of the run)", HelpName = "file" };
    private readonly Option<string?> labels = new("--labels") { Description = "their classes: an IDX file, or a text file with a class on each line", HelpName = "file" };
    private readonly Option<string?> labelColumn = new("--label-column") { Description = "the column of a CSV file that holds their classes (default: that of the run, if the file has it)", HelpName = "name" };
    private readonly Option<string?> positive = new("--positive") { Description = "the class that counts as anomalous (default: the one that was held out of training, or 1 where there are the classes 0 and 1 alone)", HelpName = "class" };
    private readonly Option<int> count = new("--count") { Description = "observations to generate, 1 to 1,000,000", HelpName = "n", DefaultValueFactory = _ => 64 };
    private readonly Option<int> encodeRefine = Refinement(0);
    private readonly Option<int> scoreRefine = Refinement(20);
    private readonly Option<string[]> only = new("--only") { Description = "only these figures, by name, separated by commas", HelpName = "figures" };
    private readonly Argument<string[]> folders = new("run folders") { Description = "folders of finished training runs", Arity = ArgumentArity.OneOrMore };

    private readonly Command generate = new("generate", "Generates observations from the model of a finished run: images as a PNG sheet and as npz, rows of a table as CSV in the units of the table.");
    private readonly Command encode = new("encode", "Encodes observations with the model of a finished run, refines the latent points if asked to, and writes them as CSV or npz.");
    private readonly Command score = new("score", "Scores observations as anomalies with the model of a finished run: the negative log joint density at the inferred latent point, as CSV.");
    private readonly Command evaluate = new("evaluate", "Judges the model of a finished run on its test observations, and writes the figures to the run's metrics.json. What a kill interrupts goes on at the next call.");
    private readonly Command compare = new("compare", "Puts finished runs beside each other: models by figures, mean ± sd over the runs that differ in the seed alone.");

    /// <summary>Adds the commands.</summary>
    /// <param name="root">The program.</param>
    /// <param name="settings">Settings by key.</param>
    /// <param name="common">Options of every command that computes: seed, threads, verbose.</param>
    public void AddTo(RootCommand root, Argument<string[]> settings, (Option Seed, Option Threads, Option Verbose) common)
    {
        Fill(generate, settings, run, count, output, common.Seed, common.Threads, common.Verbose);
        Fill(encode, settings, run, data, labelColumn, encodeRefine, output, common.Seed, common.Threads, common.Verbose);
        Fill(score, settings, run, data, labels, labelColumn, positive, scoreRefine, output, common.Seed, common.Threads, common.Verbose);
        Fill(evaluate, settings, run, only, common.Threads, common.Verbose);
        Fill(compare, folders, compared, common.Verbose);
        foreach (Command command in new[] { generate, encode, score, evaluate, compare })
        {
            root.Subcommands.Add(command);
        }
    }

    /// <summary>Which of the commands was given.</summary>
    /// <param name="command">A command.</param>
    /// <returns>Null for another.</returns>
    public CommandName? NameOf(Command command) =>
        command == generate ? CommandName.Generate
        : command == encode ? CommandName.Encode
        : command == score ? CommandName.Score
        : command == evaluate ? CommandName.Evaluate
        : command == compare ? CommandName.Compare
        : null;

    /// <summary>Where results go, if the command line says so.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="name">The command.</param>
    public string? OutputOf(ParseResult parsed, CommandName name) => parsed.GetValue(name == CommandName.Compare ? compared : output);

    /// <summary>What is asked of finished runs.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="name">The command.</param>
    /// <exception cref="BadInputException">A number is out of range, or options do not go together.</exception>
    public RunUse Read(ParseResult parsed, CommandName name)
    {
        RunUse use = new(
            name == CommandName.Compare ? parsed.GetValue(folders) ?? [] : parsed.GetValue(run) is { } folder ? [folder] : [],
            parsed.GetValue(data),
            parsed.GetValue(labels),
            parsed.GetValue(labelColumn),
            parsed.GetValue(positive),
            name == CommandName.Generate ? InRange("--count", parsed.GetValue(count), 1, MostGenerated) : 1,
            name is CommandName.Encode or CommandName.Score ? InRange("--refine", parsed.GetValue(name == CommandName.Encode ? encodeRefine : scoreRefine), 0, MostRefined) : 0,
            [.. (parsed.GetValue(only) ?? []).SelectMany(figures => figures.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))]);
        string? alone = use.Data is not null ? null : use.Labels is not null ? "--labels" : use.LabelColumn is not null ? "--label-column" : null;
        return alone is null ? use : throw new BadInputException($"command line: {alone} needs --data: the test observations of a run have their own classes");
    }

    private static void Fill(Command command, Argument argument, params ReadOnlySpan<Option> options)
    {
        command.Arguments.Add(argument);
        command.SetAction(_ => 0); // what a command does is not the parser's to know
        foreach (Option option in options)
        {
            command.Options.Add(option);
        }
    }

    private static Option<int> Refinement(int initial) => new("--refine")
    {
        Description = "Metropolis-adjusted Langevin transitions in latent space after the encoding, 0 to 100,000; the gain of the log joint density at each is told",
        HelpName = "n",
        DefaultValueFactory = _ => initial,
    };

    private static int InRange(string name, int value, int least, int most) => value >= least && value <= most
        ? value
        : throw new BadInputException(string.Create(CultureInfo.InvariantCulture, $"command line: {name} {value} is out of range: it must be from {least} to {most}"));
}
