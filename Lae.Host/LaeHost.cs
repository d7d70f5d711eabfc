using Lae.Composition;
using Lae.Formats;
using Lae.Host.Commands;
using Lae.Host.Configuration;
using Lae.Host.Plugins;
using Lae.Host.Runs;
using Lae.Host.Sampling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Lae.Host;

/// <summary>The <c>lae</c> program as a function: the composition root, in which everything is registered and put together.</summary>
public static class LaeHost
{
    /// <summary>
    /// Runs the program: trains the model that the configuration describes, or continues a run of either kind; <c>generate</c>, <c>encode</c>, <c>score</c>, <c>evaluate</c> and <c>compare</c> use trained
    /// models, <c>sample</c> samples a target, <c>laws</c> puts a kernel to the laws, <c>infer</c> holds methods of inference beside each other on a known model. Progress goes to the
    /// standard output, a failure as one line to the standard error. The first Ctrl-C ends the run after the step under way, and keeps what was done.
    /// </summary>
    /// <param name="args">The arguments, as <c>--help</c> describes them.</param>
    /// <param name="configure">Adds components of other assemblies (<see cref="ComponentRegistration.AddComponent"/>), which configuration can then choose by <c>"Type"</c>.</param>
    /// <returns>The exit code: 0 done, 1 unexpected failure, 2 bad input, 3 a NaN, an infinity or a singular matrix arose, 4 a law is broken, 130 interrupted.</returns>
    public static int Run(string[] args, Action<IServiceCollection>? configure = null)
    {
        using Interruption interruption = new();
        return Run(args, configure, HostContext.OfProcess(interruption.Token));
    }

    internal static int Run(IReadOnlyList<string> args, Action<IServiceCollection>? configure, HostContext context)
    {
        bool verbose = args.Contains("--verbose");
        try
        {
            using IHost host = Build(configure, context);
            return Execute(args, host.Services, context);
        }
        catch (Exception exception) when (exception is BadInputException or DataFormatException)
        {
            context.Error.WriteLine(exception.Message);
            return ExitCode.BadInput;
        }
#pragma warning disable CA1031 // The program is the last to see a failure: it tells it and ends.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            context.Error.WriteLine(verbose ? exception.ToString() : BadInputException.OneLine($"unexpected failure: {exception.GetType().Name}: {exception.Message} (--verbose shows where)"));
            return ExitCode.Unexpected;
        }
    }

    private static int Execute(IReadOnlyList<string> args, IServiceProvider services, HostContext context)
    {
        CommandLineArguments? arguments = new CommandLine().Parse(args, context.Output, (command, writer) =>
            new ConfigurationHelp(services.GetRequiredService<ComponentCatalogue>().WithoutPlugins()).Write(writer, command));
        return arguments?.Command switch
        {
            null => ExitCode.Done,
            CommandName.Train when arguments.ResumeFolder is { } folder && RunFolder.HoldsSampling(Path.GetFullPath(folder, context.WorkingFolder)) => services.GetRequiredService<SampleCommand>().Execute(arguments),
            CommandName.Sample => services.GetRequiredService<SampleCommand>().Execute(arguments),
            CommandName.Laws => services.GetRequiredService<LawsCommand>().Execute(arguments),
            CommandName.Infer => services.GetRequiredService<InferCommand>().Execute(arguments),
            CommandName.Generate => services.GetRequiredService<GenerateCommand>().Execute(arguments),
            CommandName.Score => services.GetRequiredService<ScoreCommand>().Execute(arguments),
            CommandName.Evaluate => services.GetRequiredService<EvaluateCommand>().Execute(arguments),
            CommandName.Compare => services.GetRequiredService<CompareCommand>().Execute(arguments),
            CommandName.Encode => services.GetRequiredService<EncodeCommand>().Execute(arguments),
            _ => services.GetRequiredService<TrainCommand>().Execute(arguments),
        };
    }

    private static IHost Build(Action<IServiceCollection>? configure, HostContext context)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ContentRootPath = context.WorkingFolder });
        builder.Services.AddSingleton(context).AddSingleton(new ComponentCatalogue(configure)).AddSingleton<TrainCommand>().AddSingleton<SampleCommand>().AddSingleton<LawsCommand>().AddSingleton<InferCommand>()
            .AddSingleton<GenerateCommand>().AddSingleton<EncodeCommand>().AddSingleton<ScoreCommand>().AddSingleton<EvaluateCommand>().AddSingleton<CompareCommand>();
        return builder.Build();
    }
}
