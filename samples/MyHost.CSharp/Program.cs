using Lae.Host;
using Samplers;

// The lae program with one's own kernel in it: the other way to plug in, without "Plugins" in the configuration.
return LaeHost.Run(args, services => new SamplersPlugin().Register(services));
