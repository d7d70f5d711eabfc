using System.Globalization;
using Lae.Host.Configuration;
using Lae.Host.Plugins;
using Lae.Host.Runs;
using Lae.Host.Sampling;
using Lae.Laws;

namespace Lae.Host.Commands;

/// <summary>Puts a configured kernel to the laws that apply to it.</summary>
internal sealed class LawsCommand(HostContext context, ComponentCatalogue components)
{
    /// <summary>Does what the command line asks.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <returns>The exit code.</returns>
    public int Execute(CommandLineArguments arguments)
    {
        ConfigurationSource source = ConfigurationSource.OfSampling(arguments.ConfigurationFile, context.WorkingFolder, context.Variables, arguments.Settings);
        ComponentRegistry registry = components.For(source);
        PreparedSampling run = PreparedSampling.Prepare(source, registry);
        KernelRecipe recipe = new(run.Resolved["Kernel"]!.AsObject(), registry, source.Files);
        ConfiguredLaws configured = new(
            run.Configuration.Kernel!, run.Target, count => run.StartingPositions(0, count), RunKeys.Chains(run.Configuration.Seed), run.Configuration.Engine!.Create);
        List<LawResult> results = [];
        try
        {
            Tell($"{run.Kernel.Name} on {run.Target.Name}, dimension {run.Target.Dimension}", run.Kernel.Accept(configured));
            ClaimedLaws.Outcome claimed = run.Kernel.Accept(new ClaimedLaws(run.Configuration.Kernel!, recipe, run.Configuration.Laws));
            Tell(claimed.Told, claimed.Results);
        }
        catch (ArithmeticException exception)
        {
            context.Error.WriteLine(BadInputException.OneLine($"the laws cannot be tried: {exception.Message.TrimEnd('.')}; choose a start or a step size at which the kernel runs"));
            return ExitCode.NonFinite;
        }

        int broken = results.Count(result => !result.Holds);
        context.Output.WriteLine(broken == 0 ? $"All {results.Count} laws hold." : $"{broken} of {results.Count} laws {(broken == 1 ? "is" : "are")} broken.");
        return broken == 0 ? ExitCode.Done : ExitCode.LawBroken;

        void Tell(string heading, IReadOnlyList<LawResult> tried)
        {
            context.Output.WriteLine(heading);
            foreach (LawResult result in tried)
            {
                context.Output.WriteLine(Line(result));
            }

            results.AddRange(tried);
        }
    }

    /// <summary>An explanation says what was compared, or what is wrong: only the second is news.</summary>
    private static string Line(LawResult result) => result.Holds
        ? string.Create(CultureInfo.InvariantCulture, $"  holds   {result.Law}{(result.Tolerance > 0 ? $" (error {result.Error:G3}, tolerance {result.Tolerance:G3})" : string.Empty)}")
        : string.Create(CultureInfo.InvariantCulture, $"  BROKEN  {result.Law}: {BadInputException.OneLine(result.Explanation)} (error {result.Error:G3}, tolerance {result.Tolerance:G3})");
}
