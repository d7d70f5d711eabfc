using Lae.Composition;
using Lae.Formats;
using Lae.Host.Commands;
using Lae.Host.Configuration;
using Lae.Host.Data;
using Lae.Host.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Lae.Host;

/// <summary>The <c>lae</c> program as a function: the composition root, in which everything is registered and put together.</summary>
public static class LaeHost
{
    /// <summary>
    /// Runs the program: trains the model that the configuration describes, or continues a run. Progress goes to the standard output, a failure
    /// as one line to the standard error. The first Ctrl-C ends the run after the step under way, with a checkpoint.
    /// </summary>
    /// <param name="args">The arguments, as <c>--help</c> describes them.</param>
    /// <param name="configure">Adds components of other assemblies (<see cref="ComponentRegistration.AddComponent"/>), which configuration can then choose by <c>"Type"</c>.</param>
    /// <returns>The exit code: 0 done, 1 unexpected failure, 2 bad input, 3 a NaN, an infinity or a singular matrix arose, 130 interrupted.</returns>
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
            ConfigurationHelp help = host.Services.GetRequiredService<ConfigurationHelp>();
            CommandLineArguments? arguments = new CommandLine().Parse(args, context.Output, writer => help.Write(writer, typeof(RunConfiguration)));
            return arguments is null ? ExitCode.Done : host.Services.GetRequiredService<TrainCommand>().Execute(arguments);
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

    /// <summary>The known components, for those who use a run without running the program.</summary>
    /// <param name="configure">Adds components of other assemblies.</param>
    internal static ComponentRegistry Components(Action<IServiceCollection>? configure)
    {
        ServiceCollection services = new();
        AddComponents(services, configure);
        using ServiceProvider provider = services.BuildServiceProvider();
        return provider.GetRequiredService<ComponentRegistry>();
    }

    private static IHost Build(Action<IServiceCollection>? configure, HostContext context)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ContentRootPath = context.WorkingFolder });
        AddComponents(builder.Services, configure);
        builder.Services.AddSingleton(context).AddSingleton<ConfigurationHelp>().AddSingleton<TrainCommand>();
        return builder.Build();
    }

    private static void AddComponents(IServiceCollection services, Action<IServiceCollection>? configure)
    {
        services.AddLae().AddDataSources().AddSingleton<ComponentRegistry>();
        configure?.Invoke(services);
    }
}
